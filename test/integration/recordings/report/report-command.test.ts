import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { MongoClient } from 'mongodb';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { readRun } from '../../../../src/pipelines/recordings/report/mongo-run-reader.js';
import { RESULT_INDEXES } from '../../../../src/pipelines/recordings/results/mongo-result-repository.js';
import { storedResult, TEST_DATE } from '../results/stored-result.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { freshBucket, freshDatabase, freshFolder, freshName, s3Client } from '../../embedded-stack.js';

const STARTED = Date.parse('2025-12-20T13:30:00.000Z');
const { uri, database } = freshDatabase();
const COLLECTION = freshName('source');
let mongo: MongoClient;

beforeAll(async () => {
  mongo = await MongoClient.connect(uri, { monitorCommands: true });
});
afterAll(() => mongo.close());

/** Scores from 0 up to 1 in steps of `1 / of`, a recording a second; above 0.9 is an anomaly. */
function aResult(index: number, of: number, address?: string): ResultDocument {
  return storedResult({
    collection: COLLECTION,
    index,
    score: index / of,
    ...(address !== undefined && { address }),
    at: new Date(STARTED + index * 1000),
    inference: {
      threshold: 0.9,
      reasons: [
        { feature: 'rms_mean', contribution: 0.7, deviation: -4, description: 'clearly quieter' },
        { feature: 'duration_seconds', contribution: 0.3, deviation: 3, description: 'longer' },
      ],
    },
  });
}

const results = (name: string): ReturnType<typeof collectionOf> => collectionOf(name);
function collectionOf(name: string) {
  return mongo.db(database).collection<ResultDocument>(name);
}

async function insertResults(name: string, count: number): Promise<void> {
  const collection = results(name);
  await collection.createIndexes(RESULT_INDEXES);
  await collection.insertMany(Array.from({ length: count }, (_, index) => aResult(index, count)));
}

/** Documents that come over the wire while `work` runs. */
async function documentsRead(work: () => Promise<unknown>): Promise<number> {
  let documents = 0;
  const count = ({ reply }: { reply: unknown }): void => {
    const { cursor } = reply as { cursor?: { firstBatch?: unknown[]; nextBatch?: unknown[] } };
    documents += (cursor?.firstBatch ?? cursor?.nextBatch ?? []).length;
  };
  mongo.on('commandSucceeded', count);
  await work();
  mongo.off('commandSucceeded', count);
  return documents;
}

describe('the results of a run', () => {
  test('show normal scores apart although a few lie far above the threshold', async () => {
    const name = freshName('results');
    await insertResults(name, 100);
    // Of scores below 1 at a threshold of 0.9.
    await results(name).insertOne(aResult(4_000, 100));
    const { scores } = await readRun(results(name), {
      testDate: TEST_DATE,
      sourceCollection: COLLECTION,
      top: 1,
    });
    const { bins, lastIsOpen } = scores!;
    expect(lastIsOpen).toBe(true);
    expect(bins.filter(({ normal }) => normal > 0).length).toBeGreaterThan(5);
    expect(bins.at(-1)).toMatchObject({ normal: 0, anomaly: 1 });
    expect(bins.reduce((sum, { normal, anomaly }) => sum + normal + anomaly, 0)).toBe(101);
  });

  test('are added up in the database: what is read does not grow with the run', async () => {
    const installation = { testDate: TEST_DATE, sourceCollection: COLLECTION, top: 5 };
    const [few, many] = [freshName('results'), freshName('results')];
    await insertResults(few, 100);
    await insertResults(many, 1_000);
    const small = await documentsRead(() => readRun(results(few), installation));
    let found: Awaited<ReturnType<typeof readRun>> | undefined;
    const large = await documentsRead(async () => (found = await readRun(results(many), installation)));
    expect(large).toBeLessThan(small + 40);

    expect(found).toMatchObject({
      recordings: 1_000,
      anomalies: 99,
      audioSeconds: 10_000,
      models: [{ name: 'reading-audio', threshold: 0.9, recordings: 1_000, anomalies: 99 }],
      reasons: [
        { description: 'clearly quieter', recordings: 99 },
        { description: 'longer', recordings: 99 },
      ],
    });
    const { scores, throughput, mostAnomalous } = found!;
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(scores!.bins.map(({ normal }) => normal))).toBe(901);
    expect(sum(scores!.bins.map(({ anomaly }) => anomaly))).toBe(99);
    // The threshold is an edge: no bin holds both.
    expect(scores!.bins.filter(({ normal, anomaly }) => normal > 0 && anomaly > 0)).toEqual([]);
    expect(sum(throughput!.bins.map(({ recordings }) => recordings))).toBe(1_000);
    expect(mostAnomalous.map(({ score }) => score)).toEqual([0.999, 0.998, 0.997, 0.996, 0.995]);
    expect(JSON.stringify(mostAnomalous)).not.toMatch(/student-|27010100101|document-/);

    const since = new Date(STARTED + 900_000);
    const later = await readRun(results(many), { ...installation, since });
    expect(later.throughput).toMatchObject({ recordings: 100 });
    // What a redrive brought afterwards is no part of the run's pace.
    const until = new Date(STARTED + 949_000);
    const ended = await readRun(results(many), { ...installation, since, until });
    expect(ended.throughput).toMatchObject({ recordings: 50 });
  });
});

describe('vachan report', () => {
  test('writes one private page with pictures, and players only when asked', async () => {
    const [name, bucket, folder] = [freshName('results'), await freshBucket(), freshFolder()];
    const s3 = s3Client();
    const Body = readFileSync(join(projectRoot(), 'samples', 'hi-story-1.ogg'));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'child-1.ogg', Body }));
    s3.destroy();
    await results(name).insertMany([
      aResult(8, 10, `s3://${bucket}/missing.ogg`),
      aResult(9, 10, `s3://${bucket}/child-1.ogg`),
    ]);
    const environment = {
      MONGO_URI: uri,
      MONGO_DB_NAME: database,
      MONGO_RESULT_COLLECTION: name,
      MONGO_SOURCE_COLLECTION: COLLECTION,
      DISCOVERY_SOURCE_TYPE: 'mongo',
      SCRATCH_PATH: join(folder, 'scratch'),
    };
    const path = join(folder, 'report.html');
    const written = await vachan(['report', TEST_DATE, '--out', path], environment);
    expect(written).toMatchObject({ code: 0, stdout: `${path}\n` });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const page = readFileSync(path, 'utf8');
    expect(page.match(/data:image\/png;base64,/g)).toHaveLength(1);
    expect(page).toMatch(/No picture: AudioNotFound/);
    expect(page).toMatch(/Not known: There is no run discovery:/);
    expect(page).not.toMatch(/child-1|student-|27010100101|<audio/);

    const linked = await vachan(
      ['report', TEST_DATE, '--out', path, '--audio-links', '--link-hours', '1'],
      environment,
    );
    expect(linked.code).toBe(0);
    const address = /<audio[^>]+src="([^"]+)"/
      .exec(readFileSync(path, 'utf8'))?.[1]
      ?.replaceAll('&amp;', '&');
    expect(address).toContain('X-Amz-Expires=3600');
    const heard = await fetch(address!);
    expect(Buffer.from(await heard.arrayBuffer()).equals(Body)).toBe(true);

    const none = await vachan(['report', '2025-12-21', '--out', path, '--no-audio'], environment);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('2025-12-21 has no results');
  });
});
