import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Db } from 'mongodb';
import { toUtcMidnight } from '#vachan/contract/dates.js';
import type { RecordingMessage } from '#vachan/pipelines/recordings/contract/message.js';
import type { ResultDocument } from '#vachan/pipelines/recordings/contract/result-document.js';
import { buildResultDocument } from '#vachan/pipelines/recordings/results/build-result.js';
import type { PostgresEndpoints } from '../stack/postgres.js';
import type { Ledger } from './ledger.js';
import { deleteFromMongo, insertIntoMongo } from './mongo-rows.js';
import { isQueuedBySeeder, ledgerOf, messageOf, type LedgerOptions } from './seed-ledger.js';
import type { SeedPlan } from './seed-plan.js';
import { deleteFromPostgres, insertIntoPostgres } from './postgres-rows.js';

/** SQS takes ten entries a call. */
const SQS_BATCH_SIZE = 10;

export interface SeedTarget {
  sqs: SQSClient;
  queueUrl: string;
  maxReceiveCount: number;
  s3: S3Client;
  bucket: string;
  /** Holds the results, and the source documents where there is no `postgres`. */
  db: Db;
  sourceCollection: string;
  resultCollection: string;
  /** Set: rows go into this table, and the source's name is the table's. */
  postgres: PostgresEndpoints | undefined;
  /** Folder whose files are put under `samples/` in the bucket. */
  samplesFolder: string;
}

/**
 * Writes what is planned into source, object store, results and queue, in the order in which it would have come
 * about: some of it is queued, and a few rows deleted again, before discovery starts.
 *
 * @returns where everything must end
 */
export async function writeSeed(plan: SeedPlan, target: SeedTarget): Promise<Ledger> {
  const options: LedgerOptions = {
    sourceCollection: target.postgres?.table ?? target.sourceCollection,
    source: target.postgres === undefined ? 'mongo' : 'postgres',
    maxReceiveCount: target.maxReceiveCount,
    scoredBeforeAt: new Date(toUtcMidnight(plan.testDate).getTime() + 18 * 3_600_000),
  };
  const source = target.db.collection(target.sourceCollection);
  const { postgres } = target;

  await uploadSamples(target);
  if (postgres === undefined) await insertIntoMongo(source, plan);
  else await insertIntoPostgres(postgres, plan);

  const scoredBefore = plan.rows.filter(({ kind }) => kind === 'scored_before');
  await target.db
    .collection<ResultDocument>(target.resultCollection)
    .insertMany(scoredBefore.map((row) => earlierResult(messageOf(row, options), options.scoredBeforeAt)));

  const queued = plan.rows.filter(isQueuedBySeeder).map((row) => JSON.stringify(messageOf(row, options)));
  await send(target, [...queued, ...plan.malformed]);

  const deleted = plan.rows.filter(({ kind }) => kind === 'deleted_after_queuing');
  if (postgres === undefined) await deleteFromMongo(source, deleted);
  else await deleteFromPostgres(postgres, deleted);
  return ledgerOf(plan, options);
}

/** Puts the recordings of a folder under `samples/` in the bucket. */
export async function uploadSamples({
  s3,
  bucket,
  samplesFolder,
}: Pick<SeedTarget, 's3' | 'bucket' | 'samplesFolder'>): Promise<void> {
  const files = readdirSync(samplesFolder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(md|json|sh|py)$/.test(entry.name))
    .map(({ name }) => name);
  await Promise.all(
    files.map((file) =>
      s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `samples/${file}`,
          Body: readFileSync(join(samplesFolder, file)),
        }),
      ),
    ),
  );
}

async function send({ sqs, queueUrl }: SeedTarget, bodies: readonly string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += SQS_BATCH_SIZE) {
    const batch = bodies.slice(start, start + SQS_BATCH_SIZE);
    const { Failed: failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((body, index) => ({ Id: String(index), MessageBody: body })),
      }),
    );
    if (failed.length > 0) throw new Error(`SQS refused ${failed.length} of ${batch.length} messages`);
  }
}

/** A result as an earlier run would have left it. */
function earlierResult(message: RecordingMessage, at: Date): ResultDocument {
  return buildResultDocument({
    message,
    pipelineName: 'audio_anomaly',
    basis: 'recording',
    inference: {
      is_anomaly: false,
      anomaly_score: 0,
      prediction_label: 'normal',
      threshold: 0.5,
      model_name: 'seeded',
      model_version: '0',
      reasons: [],
    },
    audio: { duration_seconds: 1, codec: 'pcm_s16le', sample_rate: 16_000, channels: 1, bytes: 32_044 },
    processing: {
      ...{ message_id: 'seeded', workflow_id: 'seeded', batch_id: 'seeded' },
      ...{ receive_count: 1, processed_at: at, timings_ms: {} },
    },
  });
}
