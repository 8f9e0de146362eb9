import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CSV_COLUMNS, type CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import { printable } from '../../../../src/platform/text/printable.js';
import { InvalidInput } from '../../../../src/platform/errors.js';
import { buildCsvRow } from '../../../../src/pipelines/recordings/results/csv/build-csv-row.js';
import {
  CSV_HEADER,
  csvCell,
  csvLines,
  csvText,
} from '../../../../src/pipelines/recordings/results/csv/csv-text.js';
import { csvRows, delivery } from './deliveries.js';

test('the header is the contract’s, to the letter', () => {
  expect(CSV_HEADER).toBe(
    'result_document_id,dedupe_key,source_collection,mongo_doc_id,test_date,record_type,subject_id,subject_name,' +
      'audio_s3_url,source_updated_at,subject_created_at,student_id,udise,processing_status,error,is_anomaly,' +
      'anomaly_score,prediction_label,model_name,model_version,trace_id,message_id,receive_count,processed_at\n',
  );
});

test.each([
  '=1+1',
  '+1',
  '-2',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1',
  '＋1',
  '－1',
  '＠a',
  '  =1',
  '\uFEFF=1',
])('text that would run as a formula is neutralised: %j', (text) => {
  expect(csvCell(text)).toBe(`'${printable(text)}`);
});

test('numbers stay numbers, also negative ones, and ordinary text stays as it is', () => {
  expect([-1.5, 0, true, null, 'वाचन', 's3://b/k-1', 'a=b', ''].map(csvCell)).toEqual([
    '-1.5',
    '0',
    'true',
    '',
    'वाचन',
    's3://b/k-1',
    'a=b',
    '',
  ]);
});

test('any text survives a CSV reader, cell by cell', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
      const rows = texts.map((text): CsvRow => ({ ...csvRows(1)[0]!, error: text, student_id: text }));
      const read = parse(CSV_HEADER + csvLines(rows), { columns: true, record_delimiter: '\n' });
      expect(read).toEqual(
        rows.map((row) => Object.fromEntries(CSV_COLUMNS.map((column) => [column, csvCell(row[column])]))),
      );
    }),
  );
});

test('a formula, and the same text that somebody neutralised before, stay two texts, each of which can be read back', () => {
  const texts = ['=1', "'=1", "''=1", "'", '-', "it's", ''];
  expect(new Set(texts.map(csvCell)).size).toBe(texts.length);
  expect(texts.map(csvCell).map(csvText)).toEqual(texts);
});

test('no cell holds what a reader stumbles over, or more than one may hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(csvCell(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    }),
  );
  expect(csvCell('\0'.repeat(200_000)).length).toBeLessThan(32_767);
});

test('a skipped delivery has its row with empty inference cells, a malformed one has none', () => {
  const row = buildCsvRow(delivery({ outcome: 'skipped_existing', inference: null }));
  expect(row).toMatchObject({ processing_status: 'skipped_existing', is_anomaly: null, model_name: null });
  expect(() => buildCsvRow(delivery({ outcome: 'malformed' }))).toThrow(InvalidInput);
});

test('no cell holds the signature of a presigned address', () => {
  expect(JSON.stringify(buildCsvRow(delivery()))).not.toContain('secret');
});
