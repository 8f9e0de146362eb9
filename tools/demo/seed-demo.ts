import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { MongoClient, type Db } from 'mongodb';
import { awsClientOptions, STACK_MAX_RECEIVE_COUNT } from '../stack/aws.js';
import { STACK_SOURCE_COLLECTION, type Stack } from '../stack/start-stack.js';
import { countKinds, type Ledger } from './ledger.js';
import { planSeed } from './seed-plan.js';
import { shippedSamples } from './samples.js';
import { writeSeed } from './seed.js';

export const DEMO_TEST_DATE = '2025-12-20';
export const DEMO_RESULT_COLLECTION = 'anomaly_detection_results';
const SUBJECT_NAME = 'वाचन';

export interface StackClients {
  sqs: SQSClient;
  s3: S3Client;
  db: Db;
}

/** Lets `work` use a stack's servers, and lets go of them afterwards. */
export async function withStackClients<T>(
  { endpoints, env }: Stack,
  work: (clients: StackClients) => Promise<T>,
  databaseName = env['MONGO_DB_NAME'],
): Promise<T> {
  const sqs = new SQSClient(awsClientOptions(endpoints.aws));
  const s3 = new S3Client({ ...awsClientOptions(endpoints.aws), forcePathStyle: true });
  const mongo = await MongoClient.connect(endpoints.mongo.uri);
  try {
    return await work({ sqs, s3, db: mongo.db(databaseName) });
  } finally {
    await mongo.close();
    sqs.destroy();
    s3.destroy();
  }
}

/**
 * Writes the made-up recordings of {@link DEMO_TEST_DATE} into a stack.
 *
 * @param records recordings of the run, faulty ones included; at least `FEWEST_RECORDS`
 * @param choice which samples to take, as `shippedSamples` does
 * @returns where everything must end
 */
export function seedDemo(
  { endpoints }: Stack,
  { sqs, s3, db }: StackClients,
  records: number,
  choice: { tiny?: boolean } = {},
): Promise<Ledger> {
  const { aws, postgres } = endpoints;
  const samples = shippedSamples(choice);
  const plan = planSeed({
    ...{ records, testDate: DEMO_TEST_DATE, subjectName: SUBJECT_NAME, samples },
    ...{ bucket: aws.bucket, region: aws.region, source: postgres === undefined ? 'mongo' : 'postgres' },
  });
  return writeSeed(plan, {
    ...{ sqs, queueUrl: aws.queueUrl, maxReceiveCount: STACK_MAX_RECEIVE_COUNT, s3, bucket: aws.bucket },
    ...{ db, sourceCollection: STACK_SOURCE_COLLECTION, resultCollection: DEMO_RESULT_COLLECTION, postgres },
    samplesFolder: samples.folder,
  });
}

/** What was seeded, for people. */
export function describeSeeded(ledger: Ledger): string {
  return Object.entries(countKinds(ledger))
    .map(([kind, count]) => `${count} ${kind.replaceAll('_', ' ')}`)
    .join(', ');
}
