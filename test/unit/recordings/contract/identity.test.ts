import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { storedAddress } from '../../../../src/objects/address.js';
import {
  dedupeKey,
  RESULT_ID_BASES,
  resultDocumentId,
  type ResultIdBasis,
} from '../../../../src/pipelines/recordings/contract/identity.js';
import { sourceRow } from './arbitraries.js';

const basis = fc.constantFrom(...(Object.keys(RESULT_ID_BASES) as ResultIdBasis[]));

test('a re-signed address is the same recording', () => {
  fc.assert(
    fc.property(sourceRow, basis, fc.webQueryParameters(), (row, by, query) => {
      const plain = `https://readings.s3.amazonaws.com/${encodeURIComponent(row.audio_s3_url)}`;
      const signed = { ...row, audio_s3_url: `${plain}?${query}` };
      expect(resultDocumentId(signed, by)).toBe(resultDocumentId({ ...row, audio_s3_url: plain }, by));
      expect(dedupeKey(signed, by)).not.toContain('?' + query + '"');
    }),
  );
});

test('an s3:// key is literal, so that takes which differ behind # or ? are recordings of their own', () => {
  fc.assert(
    fc.property(sourceRow, basis, fc.constantFrom('#', '?', '?x='), (row, by, mark) => {
      const ids = [1, 2].map((take) =>
        resultDocumentId({ ...row, audio_s3_url: `s3://readings/take${mark}${take}.m4a` }, by),
      );
      expect(ids[0]).not.toBe(ids[1]);
    }),
  );
});

test('the order of keys and fields beyond the basis do not matter', () => {
  fc.assert(
    fc.property(sourceRow, basis, (row, by) => {
      const reversed = Object.fromEntries(Object.entries({ ...row, extra: 1 }).reverse()) as typeof row;
      expect(resultDocumentId(reversed, by)).toBe(resultDocumentId(row, by));
    }),
  );
});

test('rows that differ in any basis field have different keys', () => {
  fc.assert(
    fc.property(sourceRow, sourceRow, basis, (a, b, by) => {
      const same = RESULT_ID_BASES[by].every((field) =>
        field === 'audio_s3_url'
          ? storedAddress(a[field]) === storedAddress(b[field])
          : a[field] === b[field],
      );
      expect(dedupeKey(a, by) === dedupeKey(b, by)).toBe(same);
    }),
  );
});

test('a known row has its known key and id, so that other programs can compute them', () => {
  const row = {
    source_collection: 'student_assessment_record',
    mongo_doc_id: '65f0c0ffee',
    test_date: '2025-12-20',
    record_type: 'teacher_record',
    subject_id: '7',
    subject_name: 'वाचन',
    audio_s3_url: 'https://bucket.s3.amazonaws.com/a "b".wav?versionId=3',
    student_id: null,
  };
  const key =
    '["student_assessment_record",null,"वाचन","2025-12-20","https://bucket.s3.amazonaws.com/a \\"b\\".wav"]';
  expect(dedupeKey(row, 'recording')).toBe(key);
  expect(resultDocumentId(row, 'recording')).toBe(createHash('sha256').update(key, 'utf8').digest('hex'));
  expect(dedupeKey(row, 'row')).toBe(
    '["student_assessment_record","65f0c0ffee","2025-12-20","teacher_record","7","https://bucket.s3.amazonaws.com/a \\"b\\".wav"]',
  );
});
