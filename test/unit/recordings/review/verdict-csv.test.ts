import {
  readVerdictCsv,
  verdictCsv,
  type VerdictRow,
} from '../../../../src/pipelines/recordings/review/verdicts/verdict-csv.js';

const id = (digit: string): string => digit.repeat(64);
const row = (changes: Partial<VerdictRow> = {}): VerdictRow => ({
  result_document_id: id('a'),
  verdict: 'normal',
  sample: 'top',
  reviewed_at: '2025-12-21T09:00:00.000Z',
  ...changes,
});
const HEADER = 'result_document_id,verdict,sample,reviewed_at\n';
const LINE = `${id('a')},normal,top,2025-12-21T09:00:00.000Z\n`;

describe("a reviewer's CSV", () => {
  test('is what the evaluation reads: the header and a line for each verdict', () => {
    expect(verdictCsv([])).toBe(HEADER);
    expect(verdictCsv([row()])).toBe(HEADER + LINE);
  });

  test('is read as it was written', () => {
    const rows = [row(), row({ result_document_id: id('b'), verdict: 'unsure', sample: 'random' })];
    expect(readVerdictCsv(verdictCsv(rows), 'a.csv')).toEqual({ rows, torn: false });
    expect(readVerdictCsv('', 'a.csv')).toEqual({ rows: [], torn: false });
  });

  test('is read after a spreadsheet has saved it', () => {
    const saved = `\uFEFF${HEADER}"${id('a')}","normal","top","2025-12-21T09:00:00.000Z"\n\n`.replaceAll(
      '\n',
      '\r\n',
    );
    expect(readVerdictCsv(saved, 'a.csv')).toEqual({ rows: [row()], torn: false });
    expect(readVerdictCsv((HEADER + LINE).trimEnd(), 'a.csv')).toEqual({ rows: [row()], torn: false });
  });

  test('holds the last of several verdicts on a recording', () => {
    const again = row({ verdict: 'anomalous' });
    expect(readVerdictCsv(HEADER + LINE + verdictCsv([again]).slice(HEADER.length), 'a.csv').rows).toEqual([
      again,
    ]);
  });

  test('loses nothing but its last line where that breaks off, wherever it does', () => {
    const whole = HEADER + LINE;
    for (let length = 1; length < whole.length; length++) {
      const { rows, torn } = readVerdictCsv(whole.slice(0, length), 'a.csv');
      // Cut behind a whole time nothing is missing but the line feed; a shorter one may still be a time.
      if (rows.length > 0) expect(rows[0]).toMatchObject({ result_document_id: id('a'), verdict: 'normal' });
      else expect(torn || length === HEADER.length || length === HEADER.length - 1).toBe(true);
    }
    const second = whole + LINE.replace(id('a'), id('b')).slice(0, 70);
    expect(readVerdictCsv(second, 'a.csv')).toEqual({ rows: [row()], torn: true });
  });

  test.each([
    [
      'another file',
      'a,b\n1,2\n',
      'a.csv begins with "a,b"; expected result_document_id,verdict,sample,reviewed_at.',
    ],
    [
      'another word',
      HEADER + LINE.replace('normal', 'maybe'),
      'a.csv, line 2: verdict is "maybe"; expected normal, anomalous or unsure.',
    ],
    [
      'another sample',
      HEADER + LINE.replace('top', 'all'),
      'a.csv, line 2: sample is "all"; expected top or random.',
    ],
    [
      'no id',
      HEADER + LINE + LINE.replace(id('a'), 'x'),
      'a.csv, line 3: result_document_id is "x"; expected 64 hexadecimal digits.',
    ],
    [
      'no time',
      HEADER + LINE.replace(/2025.*Z/, 'noon'),
      'a.csv, line 2: reviewed_at is "noon"; expected an ISO-8601 time.',
    ],
    ['a cell too few', `${HEADER}${id('a')},normal\n`, 'a.csv, line 2: it has 2 cells; expected 4'],
  ])('is refused with its line: %s', (_, text, message) => {
    expect(() => readVerdictCsv(text, 'a.csv')).toThrow(message);
  });
});
