import { ObjectId } from 'mongodb';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { RECORDED_MS, pageQuery, sourceDocument, subject, SUBJECT, TEST_DATE } from './source-documents.js';
import { HOUR_MS, source, queries, useMongoSource, insert, readAll } from './mongo-source-under-test.js';

useMongoSource();

test('a page holds the first rows in the order of the watermark, in wire form', async () => {
  const id = new ObjectId();
  await insert([
    sourceDocument(RECORDED_MS + 2_000, { _id: 'b' }),
    sourceDocument(RECORDED_MS + 2_000, { _id: 7 }),
    sourceDocument(RECORDED_MS + 1_000, { _id: id, student_id: 42, udise: undefined }),
    sourceDocument(RECORDED_MS + 9_000, { _id: 'z' }),
  ]);
  const page = await source.readPage(pageQuery({ limit: 3 }));
  expect(page.rows.map((row) => row.mongo_doc_id)).toEqual([id.toHexString(), '7', 'b']);
  expect(page.rows[0]).toEqual({
    source_collection: 'student_assessment_record',
    mongo_doc_id: id.toHexString(),
    test_date: TEST_DATE,
    record_type: 'teacher_record',
    subject_id: 'reading',
    subject_name: SUBJECT,
    audio_s3_url: `s3://recordings/${RECORDED_MS + 1_000}.wav`,
    source_updated_at: '2025-12-20T04:00:01.000Z',
    subject_created_at: '2025-12-20T04:00:01.000Z',
    student_id: '42',
    udise: null,
  });
  expect(page.exhausted).toBe(false);
});

test('a page that takes the very last row knows that nothing is left', async () => {
  await insert([sourceDocument(RECORDED_MS), sourceDocument(RECORDED_MS + HOUR_MS)]);
  expect((await source.readPage(pageQuery({ limit: 2 }))).exhausted).toBe(true);
  expect((await source.readPage(pageQuery({ limit: 1 }))).exhausted).toBe(false);
});

test('a whole backfill over bursts, gaps and even stretches reads each document about once', async () => {
  const documents = [
    ...Array.from({ length: 60 }, (_, i) => sourceDocument(RECORDED_MS - 9 * HOUR_MS + i * 17)),
    ...Array.from({ length: 600 }, (_, i) => sourceDocument(RECORDED_MS + i * 4_000)),
    // One clock for a whole import: far more rows of one millisecond than fit a page.
    ...Array.from({ length: 280 }, () => sourceDocument(RECORDED_MS + 1_800_123)),
    // Bursts a little larger than a page, an hour apart.
    ...Array.from({ length: 5 * 52 }, (_, i) => sourceDocument(RECORDED_MS + (4 + (i % 5)) * HOUR_MS)),
  ];
  await insert(documents);
  const { rows, documentsRead } = await readAll({ limit: 40 });
  expect(new Set(rows.map((row) => row.mongo_doc_id)).size).toBe(1_200);
  expect(rows).toHaveLength(1_200);
  expect(rows).toEqual([...rows].sort(compareRows));
  expect(documentsRead).toBeLessThanOrEqual(1.1 * documents.length);
  // Four a page, since windows aim below what a page still wants; and two at each gap.
  expect(queries).toBeLessThan(150);
});

test('clocks of 1970 and 2099 cost a handful of queries, not one for each hour between', async () => {
  await insert([
    sourceDocument(0),
    sourceDocument(Date.parse('1970-03-01T00:00:00Z')),
    sourceDocument(RECORDED_MS),
    sourceDocument(Date.parse('2099-01-01T00:00:00Z')),
  ]);
  const { rows } = await readAll({ limit: 1 });
  expect(rows.map((row) => row.source_updated_at.slice(0, 4))).toEqual(['1970', '1970', '2025', '2099']);
  expect(queries).toBeLessThan(40);
});

test('a list of dates in the place of one, far beyond the last row, is passed in a few queries', async () => {
  await insert([
    sourceDocument(RECORDED_MS),
    sourceDocument(0, {
      assessments: [
        {
          test_date: TEST_DATE,
          teacher_record: {
            subjects: [subject(0, { subject_created_at: [new Date(RECORDED_MS + 20 * HOUR_MS)] })],
          },
        },
      ],
    }),
    sourceDocument(RECORDED_MS + 22 * HOUR_MS),
  ]);
  const { rows } = await readAll({ limit: 1 });
  expect(rows).toHaveLength(2);
  expect(queries).toBeLessThan(60);
});

test('rows that arrive after the watermark while pages are read are found, also within a burst', async () => {
  await insert(
    Array.from({ length: 50 }, (_, i) => sourceDocument(RECORDED_MS, { _id: `burst-${100 + i}` })),
  );
  await insert(
    Array.from({ length: 50 }, (_, i) => sourceDocument(RECORDED_MS + i * 1_000, { _id: `even-${100 + i}` })),
  );
  const { rows } = await readAll({ limit: 20 }, async (page) => {
    if (page === 1) {
      await insert([
        sourceDocument(RECORDED_MS, { _id: 'burst-130-late' }),
        sourceDocument(RECORDED_MS + 500, { _id: 'even-late' }),
      ]);
    }
  });
  const ids = rows.map((row) => row.mongo_doc_id);
  expect(ids).toHaveLength(102);
  expect(ids).toEqual(expect.arrayContaining(['burst-130-late', 'even-late']));
});

test('the look-back reads up to and including a position and says when it got there', async () => {
  await insert(
    Array.from({ length: 10 }, (_, i) => sourceDocument(RECORDED_MS + i * 1_000, { _id: `d${i}` })),
  );
  const all = (await source.readPage(pageQuery())).rows;
  const [after, upTo] = [watermarkOf(all[2]!), watermarkOf(all[6]!)];
  const page = await source.readPage(pageQuery({ after, upTo }));
  expect(page.rows.map((row) => row.mongo_doc_id)).toEqual(['d3', 'd4', 'd5', 'd6']);
  expect(page.exhausted).toBe(true);
  expect((await source.readPage(pageQuery({ after, upTo, limit: 3 }))).exhausted).toBe(false);
});

test('rows without a usable id are reported once, without personal data, and do not stop the pages', async () => {
  const without = (i: number) =>
    sourceDocument(RECORDED_MS + i * 1_000, {
      _id: `bad-${100 + i}`,
      assessments: [
        {
          test_date: TEST_DATE,
          teacher_record: { subjects: [subject(RECORDED_MS + i * 1_000, { subject_id: null })] },
        },
      ],
    });
  await insert(Array.from({ length: 60 }, (_, i) => without(i)));
  await insert([
    sourceDocument(RECORDED_MS - 1),
    sourceDocument(RECORDED_MS + 30_500),
    sourceDocument(RECORDED_MS + 90_000),
  ]);
  const { rows, pages } = await readAll({ limit: 2 });
  expect(rows).toHaveLength(3);
  const unusable = pages.flatMap((page) => page.unusable);
  expect(unusable.map((row) => row.mongo_doc_id).sort()).toEqual(
    Array.from({ length: 60 }, (_, i) => `bad-${100 + i}`),
  );
  expect(unusable.find((row) => row.mongo_doc_id === 'bad-107')).toEqual({
    mongo_doc_id: 'bad-107',
    record_type: 'teacher_record',
    subject_id: null,
    reason: 'subject_id_missing',
  });
});
