import { Long } from 'mongodb';
import { createMongoSource } from '../../../../src/pipelines/recordings/sources/mongo-source.js';
import { RECORDED_MS, pageQuery, sourceDocument, subject, SUBJECT, TEST_DATE } from './source-documents.js';
import { HOUR_MS, collection, source, useMongoSource, insert, readAll } from './mongo-source-under-test.js';

useMongoSource();

test('both record types, both forms of a test date and every spelling of the name are found; others are not', async () => {
  const name = '$पढ़ना';
  const day = new Date(`${TEST_DATE}T00:00:00.000Z`);
  const reading = (ms: number, overrides: Record<string, unknown> = {}) =>
    subject(RECORDED_MS + ms, { subject_name: name, ...overrides });
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

describe('rows that almost match', () => {
  const assessment = (testDate: unknown, ...subjects: unknown[]) => ({
    test_date: testDate,
    teacher_record: { subjects },
  });
  const insertEach = (of: Record<string, [testDate: unknown, overrides: Record<string, unknown>]>) =>
    insert(
      Object.entries(of).map(([_id, [testDate, overrides]], i) => {
        const assessments = [assessment(testDate, subject(RECORDED_MS + i * 1_000, overrides))];
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
      'date-milliseconds': [Long.fromNumber(RECORDED_MS), {}],
      'created-text': [TEST_DATE, { subject_created_at: '2025-12-20T05:00:00.000Z' }],
      'created-long': [TEST_DATE, { subject_created_at: Long.fromNumber(RECORDED_MS) }],
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
      nowMs: () => RECORDED_MS + 24 * HOUR_MS,
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
