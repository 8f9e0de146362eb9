import { spawnSync } from 'node:child_process';
import { CSV_COLUMNS, type CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import {
  CSV_HEADER,
  csvCell,
  csvLines,
  csvText,
} from '../../../../src/pipelines/recordings/results/csv/csv-text.js';
import { csvRows } from '../../../unit/recordings/results/deliveries.js';

/** Reads as most who work with the file do: with the csv module's own limits, and names from the header. */
const READ = `
import csv, io, json, sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='')
json.dump([row for row in csv.DictReader(text, strict=True)], sys.stdout)
`;

const TEXTS: readonly string[] = [
  'वाचन',
  'क्‍ष',
  '',
  '0',
  'a,b;c\td"e"',
  '"',
  "it's",
  'two\nlines\r\nand\ra third',
  '\0',
  'before\0after',
  '\u001b[2J\u0007\u009b31m',
  '\u202egpj.exe',
  '\u2028\u2029\u0085',
  '\ud800',
  '\ufeff=1',
  '=1+1',
  "'=1+1",
  "''=1+1",
  "'",
  '+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  ' =1',
  '＝cmd|calc',
  '=HYPERLINK("http://a.example","b")',
  'x'.repeat(200_000),
  '\0'.repeat(200_000),
];

/** Columns of text that others write. */
const FOREIGN = ['subject_name', 'student_id', 'error', 'audio_s3_url'] as const;

test('Python reads every row, each with the cells that were written, and nothing that a spreadsheet would run', () => {
  const [row] = csvRows(1);
  const rows = TEXTS.map((text): CsvRow => ({
    ...row!,
    ...Object.fromEntries(FOREIGN.map((name) => [name, text])),
  }));
  const { stdout, stderr, status } = spawnSync('python3', ['-c', READ], {
    input: CSV_HEADER + csvLines(rows),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const read = JSON.parse(stdout) as Record<string, string>[];

  expect(read).toEqual(
    rows.map((written) => Object.fromEntries(CSV_COLUMNS.map((name) => [name, csvCell(written[name])]))),
  );
  const cells = read.flatMap((one) => FOREIGN.map((name) => one[name] ?? ''));
  // As a spreadsheet takes a cell: blanks in front do not count, and full-width signs count as the narrow ones.
  expect(cells.filter((cell) => /^[=+\-@]/.test(cell.normalize('NFKC').trimStart()))).toEqual([]);
  expect(cells.filter((cell) => cell.length > 32_767)).toEqual([]);
  expect(csvText(read[TEXTS.indexOf('=1+1')]!['error']!)).toBe('=1+1');
  expect(csvText(read[TEXTS.indexOf("'=1+1")]!['error']!)).toBe("'=1+1");
});
