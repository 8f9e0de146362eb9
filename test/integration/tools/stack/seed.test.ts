import { MongoClient, type Db } from 'mongodb';
import { Client } from 'pg';
import { differences } from '../../../../tools/demo/ledger.js';
import { planSeed, type SeedPlan } from '../../../../tools/demo/seed-plan.js';
import { shippedSamples } from '../../../../tools/demo/samples.js';
import { writeSeed, type SeedTarget } from '../../../../tools/demo/seed.js';
import { readWorld } from '../../../../tools/demo/world.js';
import { createMongoSource } from '../../../../src/pipelines/recordings/sources/mongo-source.js';
import {
  freshBucket,
  freshDatabase,
  freshFolder,
  freshPostgresTable,
  freshQueue,
  s3Client,
  sqsClient,
} from '../../embedded-stack.js';

const SOURCE = 'student_assessment_record';
const RESULTS = 'anomaly_detection_results';
const TEST_DATE = '2025-12-20';
const SUBJECT = 'वाचन';

const sqs = sqsClient();
const s3 = s3Client();
let mongo: MongoClient;
let db: Db;
beforeAll(async () => {
  const { uri, database } = freshDatabase();
  mongo = await MongoClient.connect(uri);
  db = mongo.db(database);
});
afterAll(async () => {
  await mongo.close();
  sqs.destroy();
  s3.destroy();
});

async function freshTarget(changes: Partial<SeedTarget>) {
  const queues = await freshQueue();
  const target: SeedTarget = {
    sqs,
    queueUrl: queues.queueUrl,
    maxReceiveCount: 3,
    s3,
    bucket: await freshBucket(),
    db,
    sourceCollection: SOURCE,
    resultCollection: RESULTS,
    postgres: undefined,
    samplesFolder: shippedSamples().folder,
    ...changes,
  };
  return { target, queues };
}

function plan(target: SeedTarget, records: number): SeedPlan {
  const source = target.postgres === undefined ? 'mongo' : 'postgres';
  return planSeed({
    ...{ records, testDate: TEST_DATE, subjectName: SUBJECT, region: 'ap-south-1', source },
    ...{ bucket: target.bucket, samples: shippedSamples() },
  });
}

describe('a seeded installation', () => {
  test('is in MongoDB as the source reads it, and everything is missing before a run', async () => {
    const { target, queues } = await freshTarget({});
    const ledger = await writeSeed(plan(target, 30), target);

    const source = createMongoSource({ collection: db.collection(SOURCE) });
    const page = await source.readPage({
      ...{ test_date: TEST_DATE, subject_name: SUBJECT, after: null, upTo: null, limit: 100 },
    });
    expect(page.rows).toHaveLength(30);
    expect(page.unusable).toEqual([]);

    const world = await readWorld({
      ...{ sqs, ...queues, db, resultCollection: RESULTS, testDate: TEST_DATE },
      csvPath: `${freshFolder()}/none.csv`,
    });
    const earlier = ledger.entries.filter(({ kind }) => kind === 'scored_before').length;
    expect(world.results).toHaveLength(earlier);
    expect(world.queue.visible).toBeGreaterThan(0);
    const found = differences(ledger, world);
    expect(found).toContainEqual(expect.stringMatching(/^normal .*: expected a result, found none$/));
    expect(found).toContainEqual(expect.stringMatching(/^the queue is not empty/));
    expect(found).not.toContainEqual(expect.stringMatching(/^(scored_before|other_|lookalike|empty_url)/));
  });

  test('is in Postgres with as many rows to be found', async () => {
    const postgres = await freshPostgresTable();
    const { target } = await freshTarget({ postgres });
    await writeSeed(plan(target, 30), target);
    const client = new Client({ connectionString: postgres.dsn });
    await client.connect();
    const { rows } = await client.query<{ n: string }>(
      `SELECT count(*) AS n FROM "${postgres.schema}"."${postgres.table}"
       WHERE test_date = $1 AND subject_name = $2 AND audio_url <> '' AND subject_created_at IS NOT NULL`,
      [TEST_DATE, SUBJECT],
    );
    await client.end();
    expect(Number(rows[0]?.n)).toBe(30);
  });
});
