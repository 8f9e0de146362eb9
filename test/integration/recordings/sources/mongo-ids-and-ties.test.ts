import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Binary, BSON, Decimal128, Double, Long, ObjectId, UUID } from 'mongodb';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { idText } from '../../../../src/pipelines/recordings/sources/mongo-ids.js';
import { RECORDED_MS, pageQuery, sourceDocument, subject, TEST_DATE } from './source-documents.js';
import { collection, source, useMongoSource, insert, readAll } from './mongo-source-under-test.js';

useMongoSource();

test('ids of every type are read once each, in the order of their texts, however many share a millisecond', async () => {
  const ids: unknown[] = [
    ...Array.from({ length: 9 }, (_, i) => Long.fromString(`176500000000000000${i}`)),
    ...Array.from({ length: 9 }, () => new UUID()),
    ...Array.from({ length: 9 }, (_, i) => new Double(i + 0.5)),
    ...[
      1,
      'x',
      '{"$uuid":"x"}',
      '{"$value":1}',
      '{"$zero',
      new ObjectId(),
      true,
      new Date(0),
      new Double(7e17),
    ],
    ...['1.25', '900001', '9E+2', 'NaN'].map((text) => Decimal128.fromString(text)),
    ...[new Binary(Buffer.from('abc')), { school: 'a', roll: Long.fromString('9007199254740993') }],
  ];
  await insert(ids.map((_id) => sourceDocument(RECORDED_MS, { _id })));
  await insert([sourceDocument(RECORDED_MS + 5_000)]);
  for (const limit of [7, 100]) {
    const { rows, pages } = await readAll({ limit });
    expect(
      rows
        .slice(0, -1)
        .map((row) => row.mongo_doc_id)
        .sort(),
    ).toEqual(ids.map((id) => idText(id)!).sort());
    expect(rows).toEqual([...rows].sort(compareRows));
    expect(pages.flatMap((page) => page.unusable)).toEqual([]);
    expect(await source.stillEligible(rows)).toEqual(rows.map(() => true));
  }
});

test('snowflake ids beyond 2^53 are found, are still there for the worker, and get their backlinks', async () => {
  const lines = readFileSync(
    join(__dirname, '..', '..', '..', 'fixtures', 'source', 'long-ids.jsonl'),
    'utf8',
  )
    .trim()
    .split('\n');
  await insert(lines.map((line): unknown => BSON.EJSON.parse(line, { relaxed: false })));
  const { rows } = await source.readPage(pageQuery({ test_date: '2025-12-23' }));
  expect(rows.map((row) => row.mongo_doc_id)).toEqual(
    [0, 1, 2, 3, 4].map((last) => `176500000000000000${last}`),
  );
  expect(await source.stillEligible(rows)).toEqual(rows.map(() => true));
  await source.writeBacklinks(
    rows.map((key, i) => ({ key, anomaly_result_id: `r${i}`, anomaly_processed_at: new Date(0) })),
  );
  const linked = 'assessments.teacher_record.subjects.anomaly_result_id';
  expect(await collection.countDocuments({ [linked]: { $in: ['r0', 'r1', 'r2', 'r3', 'r4'] } })).toBe(5);
});

test('any mix of ties, record types and page sizes visits every row once', async () => {
  const documents = Array.from({ length: 60 }, (_, i) => {
    const at = (n: number) => RECORDED_MS + ((i * 7 + n * 3) % 11) * 60_000;
    const ids: unknown[] = [i, `$é${i}`, `\u{1F600}${i}`, new ObjectId()];
    return sourceDocument(0, {
      _id: ids[i % 4],
      assessments: [
        {
          test_date: i % 2 ? TEST_DATE : new Date(`${TEST_DATE}T00:00:00.000Z`),
          teacher_record: { subjects: [subject(at(0)), subject(at(0), { subject_id: 2 }), subject(at(1))] },
          admin_record: { subjects: [subject(at(i % 3))] },
        },
      ],
    });
  });
  await insert(documents);
  for (const limit of [1, 7, 64, 1000]) {
    const { rows } = await readAll({ limit });
    const names = rows.map((row) => JSON.stringify(watermarkOf(row)));
    // Twins (same time, subject and record) share one place in the order: they are one row.
    expect(new Set(names).size).toBe(names.length);
    expect(rows).toEqual([...rows].sort(compareRows));
    expect(names).toHaveLength(240);
  }
});

test('rows that no watermark can tell apart come on one page, whichever way they came to be equal', async () => {
  const take = (n: number) => subject(RECORDED_MS, { audio_url: `s3://recordings/take-${n}.wav` });
  const id = new ObjectId();
  await insert([
    sourceDocument(0, {
      _id: id,
      assessments: [
        { test_date: TEST_DATE, teacher_record: { subjects: [take(1), take(2)] } },
        { test_date: TEST_DATE, teacher_record: { subjects: [take(3)] } },
      ],
    }),
    // Another document, whose id reads the same.
    sourceDocument(0, {
      _id: id.toHexString(),
      assessments: [{ test_date: TEST_DATE, teacher_record: { subjects: [take(4)] } }],
    }),
    ...Array.from({ length: 5 }, (_, i) => sourceDocument(RECORDED_MS + i)),
  ]);
  for (const limit of [1, 2, 3, 4, 5]) {
    let query = pageQuery({ limit });
    const read: string[] = [];
    for (;;) {
      const page = await source.readPage(query);
      read.push(...page.rows.map((row) => row.audio_s3_url));
      if (page.exhausted) break;
      query = { ...query, after: watermarkOf(page.rows.at(-1)!), readHint: page.readHint };
    }
    expect(read).toHaveLength(9);
    expect(new Set(read.filter((url) => url.includes('take'))).size).toBe(4);
  }
});

test('a look-back up to a row takes all that stand at its place', async () => {
  const take = (n: number) => subject(RECORDED_MS, { audio_url: `s3://recordings/take-${n}.wav` });
  const document = (subjects: unknown[]) => ({ test_date: TEST_DATE, teacher_record: { subjects } });
  await insert([sourceDocument(0, { _id: 'a', assessments: [document([take(1)])] })]);
  const { rows } = await source.readPage(pageQuery());
  await collection.updateOne(
    { _id: 'a' as never },
    { $set: { assessments: [document([take(1), take(2)])] } },
  );
  const upTo = watermarkOf(rows[0]!);
  const late = await source.readPage(pageQuery({ upTo, limit: 1 }));
  expect(late.rows.map((row) => row.audio_s3_url)).toEqual([
    's3://recordings/take-1.wav',
    's3://recordings/take-2.wav',
  ]);
  expect(late.exhausted).toBe(true);
});
