import { createMongoSampleReader } from '../../../../src/pipelines/recordings/review/mongo-sample-reader.js';
import type { SampleReader } from '../../../../src/pipelines/recordings/review/sample-reader.js';
import { resultId, seedResults, TEST_DATE } from './seeded-results.js';

let reader: SampleReader;
let wanted: Parameters<SampleReader['read']>[0];
/** Scores 0.00 to 0.99; those above 0.5 are anomalies. One of another date scores highest. */
beforeAll(async () => {
  const { environment } = await seedResults([
    ...Array.from({ length: 100 }, (_, index) => ({
      index,
      score: index / 100,
      address: `s3://nowhere/child-${index}.wav`,
      ...(index < 2 && { modelVersion: '0.0.9' }),
    })),
    { index: 200, score: 1, address: 's3://nowhere/child-200.wav', testDate: '2025-12-21' },
  ]);
  reader = createMongoSampleReader({
    MONGO_URI: environment['MONGO_URI']!,
    MONGO_TLS: false,
    MONGO_TLS_CA: undefined,
    MONGO_DB_NAME: environment['MONGO_DB_NAME']!,
    MONGO_RESULT_COLLECTION: environment['MONGO_RESULT_COLLECTION']!,
  });
  wanted = {
    testDate: TEST_DATE,
    sourceCollection: environment['MONGO_SOURCE_COLLECTION']!,
    top: 5,
    random: 10,
    randomFrom: 'normal',
    seed: 1,
  };
});
afterAll(() => reader.close());

describe('the sample of a date', () => {
  test('is its highest scores and so many normal ones, the same each time, and names nobody', async () => {
    const sample = await reader.read(wanted);
    expect(sample).toMatchObject({
      top: 5,
      random: 10,
      results: 100,
      models: [
        { name: 'reading-audio', version: '0.1.0', recordings: 98 },
        { name: 'reading-audio', version: '0.0.9', recordings: 2 },
      ],
    });
    const of = (which: string): number[] =>
      sample.recordings
        .filter((recording) => recording.sample === which)
        .map(({ score }) => Math.round(score * 100))
        .sort((a, b) => b - a);
    expect(of('top')).toEqual([99, 98, 97, 96, 95]);
    expect(of('random')).toHaveLength(10);
    expect(Math.max(...of('random'))).toBeLessThanOrEqual(50);
    expect(await reader.read(wanted)).toEqual(sample);
    expect(JSON.stringify(sample)).not.toMatch(/student-|27010100101|document-/);
    expect((await reader.read({ ...wanted, seed: 2 })).recordings).not.toEqual(sample.recordings);
  });

  test('has each on its own side of the threshold, however many are asked for', async () => {
    const sample = await reader.read({ ...wanted, top: 60, random: 60 });
    expect(sample).toMatchObject({ top: 49, random: 51 });
    for (const { isAnomaly, sample: which } of sample.recordings)
      expect(which).toBe(isAnomaly ? 'top' : 'random');
    expect(sample.recordings).toHaveLength(100);
  });

  test('is drawn from all results where that is wanted', async () => {
    const sample = await reader.read({ ...wanted, top: 0, random: 1_000, randomFrom: 'all' });
    expect(sample).toMatchObject({ top: 0, random: 100 });
    const order = sample.recordings.map(({ score }) => score);
    expect(order).not.toEqual(order.toSorted((a, b) => b - a));
  });

  test('tells verdicts of the date from others', async () => {
    const asked = [3, 200, 80, 999].map(resultId);
    const found = await reader.ofDate(TEST_DATE, wanted.sourceCollection, asked);
    expect(found.sort((a, b) => Number(a.flagged) - Number(b.flagged))).toEqual([
      { id: resultId(3), flagged: false },
      { id: resultId(80), flagged: true },
    ]);
    expect(await reader.ofDate(TEST_DATE, 'another', asked)).toEqual([]);
    expect(await reader.read({ ...wanted, testDate: '2025-12-22' })).toEqual({
      recordings: [],
      top: 0,
      random: 0,
      results: 0,
      models: [],
    });
  });
});
