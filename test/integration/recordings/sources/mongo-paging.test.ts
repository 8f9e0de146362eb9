import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Binary,
  BSON,
  Decimal128,
  Double,
  Long,
  MongoClient,
  ObjectId,
  UUID,
  type Collection,
} from 'mongodb';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { idText } from '../../../../src/pipelines/recordings/sources/mongo-ids.js';
import { createMongoSource } from '../../../../src/pipelines/recordings/sources/mongo-source.js';
import type {
  PageQuery,
  SourcePage,
  SourceRepository,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { freshDatabase } from '../../embedded-stack.js';
import { NIGHT_MS, pageQuery, sourceDocument, subject, SUBJECT, TEST_DATE } from './source-documents.js';

const HOUR_MS = 3_600_000;
let client: MongoClient;
let collection: Collection;
let source: SourceRepository;
let queries: number;

beforeAll(async () => {
  client = await MongoClient.connect(freshDatabase().uri, { monitorCommands: true });
  client.on('commandStarted', ({ commandName }) => {
    if (commandName === 'aggregate') queries += 1;
  });
});
afterAll(() => client.close());

beforeEach(() => {
  queries = 0;
  collection = client.db(freshDatabase().database).collection('student_assessment_record');
  source = createMongoSource({ collection, nowMs: () => NIGHT_MS + 24 * HOUR_MS });
});
afterEach(() => collection.drop());

async function insert(documents: unknown[]) {
  await collection.insertMany(documents as never[]);
}

/** Pages through everything, as discovery does. */
async function readAll(overrides: Partial<PageQuery> = {}, betweenPages?: (page: number) => Promise<void>) {
  const rows: SourceRow[] = [];
  const pages: SourcePage[] = [];
  let query = pageQuery(overrides);
  for (;;) {
    const page = await source.readPage(query);
    pages.push(page);
    rows.push(...page.rows);
    if (page.exhausted)
      return { rows, pages, documentsRead: pages.reduce((sum, p) => sum + p.documentsRead, 0) };
    expect(page.rows).toHaveLength(query.limit);
    await betweenPages?.(pages.length);
    query = { ...query, after: watermarkOf(page.rows.at(-1)!), readHint: page.readHint };
  }
}

test('a page holds the first rows in the order of the watermark, in wire form', async () => {
  const id = new ObjectId();
  await insert([
    sourceDocument(NIGHT_MS + 2_000, { _id: 'b' }),
    sourceDocument(NIGHT_MS + 2_000, { _id: 7 }),
    sourceDocument(NIGHT_MS + 1_000, { _id: id, student_id: 42, udise: undefined }),
    sourceDocument(NIGHT_MS + 9_000, { _id: 'z' }),
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
    audio_s3_url: `s3://recordings/${NIGHT_MS + 1_000}.wav`,
    source_updated_at: '2025-12-20T04:00:01.000Z',
    subject_created_at: '2025-12-20T04:00:01.000Z',
    student_id: '42',
    udise: null,
  });
  expect(page.exhausted).toBe(false);
});

test('a page that takes the very last row knows that nothing is left', async () => {
  await insert([sourceDocument(NIGHT_MS), sourceDocument(NIGHT_MS + HOUR_MS)]);
  expect((await source.readPage(pageQuery({ limit: 2 }))).exhausted).toBe(true);
  expect((await source.readPage(pageQuery({ limit: 1 }))).exhausted).toBe(false);
});

test('both record types, both forms of a test date and every spelling of the name are found; others are not', async () => {
  const name = '$पढ़ना';
  const day = new Date(`${TEST_DATE}T00:00:00.000Z`);
  const reading = (ms: number, overrides: Record<string, unknown> = {}) =>
    subject(NIGHT_MS + ms, { subject_name: name, ...overrides });
  await insert([
    sourceDocument(0, {
      _id: 'found',
      assessments: [
        { test_date: day, teacher_record: { subjects: [reading(1), reading(2, { subject_name: 'गणित' })] } },
        { test_date: TEST_DATE, admin_record: { subjects: [reading(3, { subject_name: '$पढ\u093cना' })] } },
        { test_date: TEST_DATE, admin_record: { subjects: [reading(4, { subject_name: '$प\u095dना' })] } },
      ],
    }),
    sourceDocument(0, {
      _id: 'left out',
      assessments: [
        { test_date: '2025-12-21', teacher_record: { subjects: [reading(5)] } },
        { test_date: new Date(day.getTime() - 1), teacher_record: { subjects: [reading(5)] } },
        {
          test_date: TEST_DATE,
          teacher_record: {
            subjects: [
              reading(6, { audio_url: '' }),
              reading(6, { audio_url: null }),
              reading(6, { audio_url: ['s3://b/k'] }),
              reading(6, { subject_created_at: '2025-12-20T04:00:00Z' }),
              reading(6, { subject_created_at: null }),
            ],
          },
          admin_record: { subjects: 'none' },
        },
      ],
    }),
    sourceDocument(0, { _id: 'odd', assessments: { test_date: TEST_DATE } }),
    sourceDocument(0, { _id: 'odder', assessments: [null, { test_date: TEST_DATE, teacher_record: null }] }),
  ]);
  const page = await source.readPage(pageQuery({ subject_name: name }));
  expect(page.rows.map((row) => [row.source_updated_at.slice(-5), row.record_type])).toEqual([
    ['.001Z', 'teacher_record'],
    ['.003Z', 'admin_record'],
    ['.004Z', 'admin_record'],
  ]);
  expect(new Set(page.rows.map((row) => row.subject_name))).toEqual(new Set([name.normalize('NFC')]));
  expect(page.unusable).toEqual([]);
});

test('a whole backfill over bursts, gaps and even stretches reads each document about once', async () => {
  const documents = [
    ...Array.from({ length: 60 }, (_, i) => sourceDocument(NIGHT_MS - 9 * HOUR_MS + i * 17)),
    ...Array.from({ length: 600 }, (_, i) => sourceDocument(NIGHT_MS + i * 4_000)),
    // One clock for a whole import: far more rows of one millisecond than fit a page.
    ...Array.from({ length: 280 }, () => sourceDocument(NIGHT_MS + 1_800_123)),
    // Bursts a little larger than a page, an hour apart.
    ...Array.from({ length: 5 * 52 }, (_, i) => sourceDocument(NIGHT_MS + (4 + (i % 5)) * HOUR_MS)),
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
    sourceDocument(NIGHT_MS),
    sourceDocument(Date.parse('2099-01-01T00:00:00Z')),
  ]);
  const { rows } = await readAll({ limit: 1 });
  expect(rows.map((row) => row.source_updated_at.slice(0, 4))).toEqual(['1970', '1970', '2025', '2099']);
  expect(queries).toBeLessThan(40);
});

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
  await insert(ids.map((_id) => sourceDocument(NIGHT_MS, { _id })));
  await insert([sourceDocument(NIGHT_MS + 5_000)]);
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

describe('rows that almost match', () => {
  const assessment = (testDate: unknown, ...subjects: unknown[]) => ({
    test_date: testDate,
    teacher_record: { subjects },
  });
  const insertEach = (of: Record<string, [testDate: unknown, overrides: Record<string, unknown>]>) =>
    insert(
      Object.entries(of).map(([_id, [testDate, overrides]], i) => {
        const assessments = [assessment(testDate, subject(NIGHT_MS + i * 1_000, overrides))];
        return sourceDocument(0, { _id, assessments });
      }),
    );
  const TAKEN: Parameters<typeof insertEach>[0] = {
    good: [TEST_DATE, {}],
    'date-utc-midnight': [new Date('2025-12-20T00:00:00Z'), {}],
    'date-noon': [new Date('2025-12-20T12:00:00Z'), {}],
    'date-iso-text': ['2025-12-20T00:00:00.000Z', {}],
    'date-iso-text-of-india': ['2025-12-20T00:00:00+05:30', {}],
    'date-space': ['2025-12-20 ', {}],
    'date-no-break-space': ['\u00a02025-12-20', {}],
    'name-space': [TEST_DATE, { subject_name: 'वाचन ' }],
    'name-no-break-space': [TEST_DATE, { subject_name: '\u00a0वाचन' }],
    'name-joiner': [TEST_DATE, { subject_name: 'वाच\u200cन' }],
    'name-byte-order-mark': [TEST_DATE, { subject_name: '\ufeffवाचन' }],
  };

  test('are taken where they are safely the same, as if written like the others, and stay eligible', async () => {
    await insertEach(TAKEN);
    const { rows } = await readAll({ limit: 4 });
    expect(rows.map((row) => row.mongo_doc_id)).toEqual(Object.keys(TAKEN));
    expect(new Set(rows.map((row) => `${row.test_date} ${row.subject_name}`))).toEqual(
      new Set([`${TEST_DATE} ${SUBJECT}`]),
    );
    expect(await source.stillEligible(rows)).toEqual(rows.map(() => true));
    await source.writeBacklinks(
      rows.map((key) => ({ key, anomaly_result_id: key.mongo_doc_id, anomaly_processed_at: new Date(0) })),
    );
    const linked = 'assessments.teacher_record.subjects.anomaly_result_id';
    expect(await collection.countDocuments({ [linked]: { $in: Object.keys(TAKEN) } })).toBe(rows.length);
  });

  test('are otherwise counted by what keeps them out, and other subjects and dates are not', async () => {
    await insertEach({
      ...TAKEN,
      'date-midnight-of-india': [new Date('2025-12-19T18:30:00Z'), {}],
      'date-midnight-of-india-as-text': ['2025-12-19T18:30:00.000Z', {}],
      'date-other-way-round': ['20-12-2025', {}],
      'date-with-slashes': ['20/12/2025 10:30', {}],
      'date-in-words': ['20 Dec 2025', {}],
      'date-number': [20251220, {}],
      'date-milliseconds': [Long.fromNumber(NIGHT_MS), {}],
      'created-text': [TEST_DATE, { subject_created_at: '2025-12-20T05:00:00.000Z' }],
      'created-long': [TEST_DATE, { subject_created_at: Long.fromNumber(NIGHT_MS) }],
      'created-missing': [TEST_DATE, { subject_created_at: null }],
      'url-list': [TEST_DATE, { audio_url: ['s3://b/k'] }],
      'url-empty': [TEST_DATE, { audio_url: '' }],
      'name-with-a-hyphen': [TEST_DATE, { subject_name: 'वा-चन' }],
      'name-missing': [TEST_DATE, { subject_name: null }],
      'other-subject': [TEST_DATE, { subject_name: 'गणित', audio_url: null }],
      'other-date': ['2025-12-21', {}],
      'other-date-midnight': [new Date('2025-12-21T00:00:00Z'), { audio_url: '' }],
      'other-date-short': ['2025-12-2', {}],
    });
    const counted = await source.countRows({ test_date: TEST_DATE, subject_name: SUBJECT });
    expect(counted).toMatchObject({
      candidates: Object.keys(TAKEN).length,
      rows_passed_over: {
        test_date_in_another_time_zone: 2,
        test_date_not_understood: 5,
        subject_created_at_not_a_date: 2,
        subject_created_at_missing: 1,
        audio_url_not_text: 1,
        audio_url_missing: 1,
        subject_name_near_miss: 1,
        subject_name_missing: 1,
      },
    });
    expect(counted.samples).toHaveLength(8);
    expect(counted.samples).toContainEqual({ reason: 'audio_url_not_text', mongo_doc_id: 'url-list' });
  });

  test('count for the day of the time zone that the source is in', async () => {
    const inIndia = createMongoSource({
      collection,
      nowMs: () => NIGHT_MS + 24 * HOUR_MS,
      timeZone: 'Asia/Kolkata',
    });
    await insertEach({
      midnight: [new Date('2025-12-19T18:30:00Z'), {}],
      text: ['2025-12-19T18:30:00.000Z', {}],
      date: [TEST_DATE, {}],
      stored: [new Date('2025-12-20T00:00:00Z'), {}],
      'next-midnight': [new Date('2025-12-20T18:30:00Z'), {}],
      'next-text': ['2025-12-20T18:30:00.000Z', {}],
    });
    const { rows } = await inIndia.readPage(pageQuery());
    expect(rows.map((row) => row.mongo_doc_id)).toEqual(['midnight', 'text', 'date', 'stored']);
    expect(await inIndia.stillEligible(rows)).toEqual([true, true, true, true]);
    expect(await inIndia.countRows(pageQuery())).toMatchObject({ candidates: 4, rows_passed_over: {} });
  });
});

test('a list of dates in the place of one, far beyond the last row, is passed in a few queries', async () => {
  await insert([
    sourceDocument(NIGHT_MS),
    sourceDocument(0, {
      assessments: [
        {
          test_date: TEST_DATE,
          teacher_record: {
            subjects: [subject(0, { subject_created_at: [new Date(NIGHT_MS + 20 * HOUR_MS)] })],
          },
        },
      ],
    }),
    sourceDocument(NIGHT_MS + 22 * HOUR_MS),
  ]);
  const { rows } = await readAll({ limit: 1 });
  expect(rows).toHaveLength(2);
  expect(queries).toBeLessThan(60);
});

test('rows that arrive after the watermark while pages are read are found, also within a burst', async () => {
  await insert(Array.from({ length: 50 }, (_, i) => sourceDocument(NIGHT_MS, { _id: `burst-${100 + i}` })));
  await insert(
    Array.from({ length: 50 }, (_, i) => sourceDocument(NIGHT_MS + i * 1_000, { _id: `even-${100 + i}` })),
  );
  const { rows } = await readAll({ limit: 20 }, async (page) => {
    if (page === 1) {
      await insert([
        sourceDocument(NIGHT_MS, { _id: 'burst-130-late' }),
        sourceDocument(NIGHT_MS + 500, { _id: 'even-late' }),
      ]);
    }
  });
  const ids = rows.map((row) => row.mongo_doc_id);
  expect(ids).toHaveLength(102);
  expect(ids).toEqual(expect.arrayContaining(['burst-130-late', 'even-late']));
});

test('the look-back reads up to and including a position and says when it got there', async () => {
  await insert(Array.from({ length: 10 }, (_, i) => sourceDocument(NIGHT_MS + i * 1_000, { _id: `d${i}` })));
  const all = (await source.readPage(pageQuery())).rows;
  const [after, upTo] = [watermarkOf(all[2]!), watermarkOf(all[6]!)];
  const page = await source.readPage(pageQuery({ after, upTo }));
  expect(page.rows.map((row) => row.mongo_doc_id)).toEqual(['d3', 'd4', 'd5', 'd6']);
  expect(page.exhausted).toBe(true);
  expect((await source.readPage(pageQuery({ after, upTo, limit: 3 }))).exhausted).toBe(false);
});

test('rows without a usable id are reported once, without personal data, and do not stop the pages', async () => {
  const without = (i: number) =>
    sourceDocument(NIGHT_MS + i * 1_000, {
      _id: `bad-${100 + i}`,
      assessments: [
        {
          test_date: TEST_DATE,
          teacher_record: { subjects: [subject(NIGHT_MS + i * 1_000, { subject_id: null })] },
        },
      ],
    });
  await insert(Array.from({ length: 60 }, (_, i) => without(i)));
  await insert([
    sourceDocument(NIGHT_MS - 1),
    sourceDocument(NIGHT_MS + 30_500),
    sourceDocument(NIGHT_MS + 90_000),
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

test('any mix of ties, record types and page sizes visits every row once', async () => {
  const documents = Array.from({ length: 60 }, (_, i) => {
    const at = (n: number) => NIGHT_MS + ((i * 7 + n * 3) % 11) * 60_000;
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
  const take = (n: number) => subject(NIGHT_MS, { audio_url: `s3://recordings/take-${n}.wav` });
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
    ...Array.from({ length: 5 }, (_, i) => sourceDocument(NIGHT_MS + i)),
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
  const take = (n: number) => subject(NIGHT_MS, { audio_url: `s3://recordings/take-${n}.wav` });
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
