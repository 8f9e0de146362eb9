import type { S3Client } from '@aws-sdk/client-s3';
import { FEATURE_NAMES } from '../audio/features/feature-names.js';
import type { ResultDocument } from '../contract/result-document.js';
import type { StateDocument } from '../contract/state-document.js';
import { connectS3 } from '../../../objects/s3-client.js';
import type { RecordingsSettings } from '../settings/index.js';
import type { S3Settings } from '../../../objects/s3-settings.js';
import { ConfigurationError, InvalidInput } from '../../../platform/errors.js';
import { findDeadLetterQueue, type DeadLetterQueue } from '../../../queue/dead-letter-queue.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import { reachMongo } from '../../../platform/mongo-errors.js';
import type { MessageQueue } from '../../../queue/message-queue.js';
import { withDirectCalls } from '../../../queue/direct-calls.js';
import { createSqsClient } from '../../../queue/sqs-client.js';
import { createSqsQueue } from '../../../queue/sqs-queue.js';
import type { FeatureLog } from '../results/feature-log.js';
import {
  createMongoFeatureLog,
  featureLogCollectionName,
  type FeatureLogEntry,
} from '../results/mongo-feature-log.js';
import { createMongoResultRepository } from '../results/mongo-result-repository.js';
import { createMongoSentLog, sentLogCollectionName, type SentEntry } from '../results/mongo-sent-log.js';
import { createMongoStateRepository } from '../results/mongo-state-repository.js';
import type { ResultRepository } from '../results/result-repository.js';
import type { SentLog } from '../results/sent-log.js';
import type { StateRepository } from '../results/state-repository.js';
import { createSource, type SourceSettings } from '../sources/create-source.js';
import type { SourceRepository } from '../sources/source-repository.js';

/** The real clients of one process, made once from its configuration. */
export interface Dependencies {
  source: SourceRepository;
  results: ResultRepository;
  states: StateRepository;
  sentLog: SentLog;
  /** Undefined where features are not kept. */
  featureLog: FeatureLog | undefined;
  s3: S3Client;
  /** @throws InvalidInput for a queue that is neither `SQS_QUEUE_URL` nor in `SQS_ALLOWED_QUEUE_URLS` */
  queueFor: (queueUrl: string) => MessageQueue;
  /** The queue's dead-letter messages; undefined where it has none. */
  findDeadLetters: (queueUrl: string) => Promise<DeadLetterQueue | undefined>;
  /** Makes sure that the results' database is there. @throws DependencyUnavailable, and may then be called again */
  connect: () => Promise<void>;
  close(): Promise<void>;
}

/** Where everything is. */
export type DependencySettings = S3Settings &
  Pick<
    RecordingsSettings,
    | 'MONGO_URI'
    | 'MONGO_TLS'
    | 'MONGO_TLS_CA'
    | 'MONGO_DB_NAME'
    | 'MONGO_SOURCE_COLLECTION'
    | 'MONGO_RESULT_COLLECTION'
    | 'MONGO_STATE_COLLECTION'
    | 'FEATURE_RETENTION_DAYS'
    | 'SQS_QUEUE_URL'
    | 'SQS_ALLOWED_QUEUE_URLS'
    | 'SQS_FIFO_GROUP_ID'
    | 'DISCOVERY_SOURCE_TYPE'
    | 'POSTGRES_DSN'
    | 'POSTGRES_TLS'
    | 'POSTGRES_TLS_CA'
    | 'POSTGRES_SCHEMA'
    | 'POSTGRES_TABLE'
    | 'POSTGRES_COLUMNS'
    | 'TEST_DATE_TIME_ZONE'
  >;

/** Makes the clients; none of them connects before it is first used. */
export function createDependencies(config: DependencySettings): Dependencies {
  const mongo = createMongoClient(config);
  const db = mongoDatabase(mongo, config);
  const source = createSource(sourceSettings(config), () => db);
  const sqs = createSqsClient({ region: config.AWS_REGION });
  const direct = withDirectCalls(sqs);
  const s3 = connectS3(config);

  const queues = new Map<string, MessageQueue>();
  const allowed = new Set([config.SQS_QUEUE_URL, ...config.SQS_ALLOWED_QUEUE_URLS]);

  return {
    source,
    results: createMongoResultRepository(db.collection<ResultDocument>(config.MONGO_RESULT_COLLECTION)),
    states: createMongoStateRepository(db.collection<StateDocument>(config.MONGO_STATE_COLLECTION)),
    sentLog: createMongoSentLog(
      db.collection<SentEntry>(sentLogCollectionName(config.MONGO_STATE_COLLECTION)),
    ),
    featureLog:
      config.FEATURE_RETENTION_DAYS === 0
        ? undefined
        : createMongoFeatureLog(
            db.collection<FeatureLogEntry>(featureLogCollectionName(config.MONGO_RESULT_COLLECTION)),
            { featureNames: FEATURE_NAMES, retentionDays: config.FEATURE_RETENTION_DAYS },
          ),
    s3,
    queueFor(queueUrl) {
      if (!allowed.has(queueUrl)) {
        throw new InvalidInput(`${queueUrl} is neither SQS_QUEUE_URL nor listed in SQS_ALLOWED_QUEUE_URLS.`);
      }
      let queue = queues.get(queueUrl);
      if (queue === undefined) {
        queue = createSqsQueue({ client: direct, url: queueUrl, fifoGroupId: config.SQS_FIFO_GROUP_ID });
        queues.set(queueUrl, queue);
      }
      return queue;
    },
    findDeadLetters: (queueUrl) => findDeadLetterQueue(sqs, queueUrl),
    connect: () => reachMongo(mongo),
    async close() {
      // Polls of a receive that was aborted may still bring messages, which are given back before the client goes.
      await Promise.all([...queues.values()].map((queue) => queue.idle()));
      await source.close();
      await mongo.close();
      sqs.destroy();
      s3.destroy();
    },
  };
}

function sourceSettings(config: DependencySettings): SourceSettings {
  if (config.DISCOVERY_SOURCE_TYPE === 'mongo') {
    return {
      type: 'mongo',
      collection: config.MONGO_SOURCE_COLLECTION,
      timeZone: config.TEST_DATE_TIME_ZONE,
    };
  }
  if (config.POSTGRES_DSN === undefined) {
    throw new ConfigurationError(
      'POSTGRES_DSN is missing; it is required when DISCOVERY_SOURCE_TYPE is postgres.',
    );
  }
  return {
    type: 'postgres',
    dsn: config.POSTGRES_DSN,
    tls: { required: config.POSTGRES_TLS, ca: config.POSTGRES_TLS_CA },
    schema: config.POSTGRES_SCHEMA,
    table: config.POSTGRES_TABLE,
    columns: config.POSTGRES_COLUMNS,
    timeZone: config.TEST_DATE_TIME_ZONE,
  };
}
