import type { S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { MongoBulkWriteError, MongoClient, type Db } from 'mongodb';
import { toUtcMidnight } from '#vachan/contract/dates.js';
import type { ResultDocument } from '#vachan/pipelines/recordings/contract/result-document.js';
import { EXPECTED_OUTCOMES, SEED_KINDS } from '../../demo/expected-outcomes.js';
import { insertIntoMongo } from '../../demo/mongo-rows.js';
import { ledgerOf, messageOf } from '../../demo/seed-ledger.js';
import { planSeed, type PlannedRow } from '../../demo/seed-plan.js';
import type { Ledger } from '../../demo/ledger.js';
import { shippedSamples } from '../../demo/samples.js';
import { writeSeed } from '../../demo/seed.js';
import { readWorld } from '../../demo/world.js';
import { STACK_SOURCE_COLLECTION } from '../../stack/start-stack.js';
import { randomFrom, type Random } from '../random.js';
import type { Remains } from './verdict.js';

export const TEST_DATE = '2025-12-20';
const RESULT_COLLECTION = 'anomaly_detection_results';
const DEFAULT_LATE_SHARE = 0.3;
/** Late rows come in so many portions. */
const LATE_PORTIONS = 12;
/** SQS takes ten entries a call. */
const SENT_AGAIN = 10;

/** Seeded recordings, the rows that are still to come, and how to read what became of all. */
export interface ChaosRecordings {
  ledger: Ledger;
  lateRowsLeft(): number;
  /** Inserts the next portion of late rows, or all that are left; resolves to how many. */
  insertLateRows(all?: boolean): Promise<number>;
  /** Inserts so many of the late rows as if they had been recorded just now. */
  insertFreshRows(count: number): Promise<number>;
  sendAgain(random: Random): Promise<number>;
  /** Rows that were inserted and shall have a result, and have none. */
  countUnscored(): Promise<number>;
  read(): Promise<Remains>;
}

export interface ChaosRecordingsOptions {
  records: number;
  seed: number;
  sqs: SQSClient;
  s3: S3Client;
  queue: { queueUrl: string; deadLetterQueueUrl: string; maxReceiveCount: number };
  bucket: string;
  region: string;
  /** Where MongoDB is now: it moves when it is killed. */
  mongoUri: () => string;
  database: string;
  csvPath: string;
  /** Of the sound rows, how many come late. @default 0.3 */
  lateShare?: number;
}

/** Plans the recordings, writes most of them, and holds some of the sound rows back for later. */
export async function seedRecordings(options: ChaosRecordingsOptions): Promise<ChaosRecordings> {
  const { sqs, s3, queue, bucket, records } = options;
  const samples = shippedSamples({ tiny: true });
  const plan = planSeed({
    ...{ records, testDate: TEST_DATE, subjectName: 'वाचन', samples },
    ...{ bucket, region: options.region, source: 'mongo' },
  });
  const sound = plan.rows.filter(({ kind }) => kind === 'normal');
  const late = randomFrom(options.seed)
    .shuffled(sound)
    .slice(0, Math.round(sound.length * (options.lateShare ?? DEFAULT_LATE_SHARE)));
  const held = new Set(late);
  const rows = plan.rows.filter((row) => !held.has(row));
  const portion = Math.ceil(late.length / LATE_PORTIONS);
  const ledgerOptions = {
    ...{ sourceCollection: STACK_SOURCE_COLLECTION, source: 'mongo' as const },
    ...{ maxReceiveCount: queue.maxReceiveCount, scoredBeforeAt: toUtcMidnight(TEST_DATE) },
  };

  const ledger = await withDb(options, (db) =>
    writeSeed(
      { ...plan, rows },
      {
        ...{ sqs, queueUrl: queue.queueUrl, maxReceiveCount: queue.maxReceiveCount, s3, bucket, db },
        ...{ sourceCollection: STACK_SOURCE_COLLECTION, resultCollection: RESULT_COLLECTION },
        ...{ postgres: undefined, samplesFolder: samples.folder },
      },
    ),
  );
  ledger.entries.push(...ledgerOf({ ...plan, rows: late, malformed: [] }, ledgerOptions).entries);

  return {
    ledger,
    lateRowsLeft: () => late.length,
    async insertLateRows(all = false) {
      const next = late.splice(0, all ? late.length : portion);
      if (next.length > 0) await insertForSure(options, next);
      return next.length;
    },
    async insertFreshRows(count) {
      const next = late.splice(0, count);
      for (const row of next) row.subject_created_at = new Date();
      if (next.length > 0) await insertForSure(options, next);
      return next.length;
    },
    async sendAgain(random) {
      const again = random
        .shuffled(rows.filter(({ kind }) => kind === 'normal' || kind === 'anomalous'))
        .slice(0, SENT_AGAIN);
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.queueUrl,
          Entries: again.map((row, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(messageOf(row, ledgerOptions)),
          })),
        }),
      );
      return again.length;
    },
    async countUnscored() {
      const due = ledger.entries.filter(
        ({ kind }) => EXPECTED_OUTCOMES[SEED_KINDS[kind]].result === 'written',
      ).length;
      const scored = await withDb(options, (db) =>
        db.collection(RESULT_COLLECTION).countDocuments({ 'inference.model_name': { $ne: 'seeded' } }),
      );
      return due - late.length - scored;
    },
    read: () => withDb(options, (db) => readRemains(options, db)),
  };
}

/** MongoDB may be killed meanwhile; the harness itself must not be in doubt about what it has written. */
async function insertForSure(options: ChaosRecordingsOptions, rows: PlannedRow[]): Promise<void> {
  for (;;) {
    try {
      await withDb(options, (db) =>
        insertIntoMongo(db.collection(STACK_SOURCE_COLLECTION), {
          ...{ testDate: TEST_DATE, subjectName: '', rows, malformed: [] },
        }),
      );
      return;
    } catch (error) {
      // An attempt that was cut off had written them.
      if (error instanceof MongoBulkWriteError && error.code === 11_000) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function readRemains(options: ChaosRecordingsOptions, db: Db): Promise<Remains> {
  const world = await readWorld({
    ...{ sqs: options.sqs, ...options.queue, db, resultCollection: RESULT_COLLECTION },
    ...{ testDate: TEST_DATE, csvPath: options.csvPath },
  });
  // Of any date: one that strayed must be seen.
  const results = await db.collection<ResultDocument>(RESULT_COLLECTION).find().toArray();
  return {
    ...world,
    results: results.map(({ _id, updated_at: at, source, inference }) => ({
      _id,
      updatedAtMs: at.getTime(),
      audioUrl: source.audio_s3_url,
      score: inference.model_name === 'seeded' ? undefined : inference.anomaly_score,
    })),
  };
}

async function withDb<T>(options: ChaosRecordingsOptions, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(options.mongoUri(), {
    // A machine busy with other things may need seconds to answer; what is left must be read all the same.
    serverSelectionTimeoutMS: 10_000,
    // What the harness has seeded must survive the server it kills.
    writeConcern: { w: 1, journal: true },
  });
  try {
    return await work(client.db(options.database));
  } finally {
    await client.close();
  }
}
