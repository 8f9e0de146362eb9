import { SQSClient } from '@aws-sdk/client-sqs';
import {
  awsClientOptions,
  createQueueWithDeadLetters,
  STACK_MAX_RECEIVE_COUNT,
  type AwsConnection,
  type AwsEndpoints,
} from './aws.js';
import { createBucket, type QueueEndpoints } from './exports.js';
import type { MongoEndpoints } from './mongo.js';

/** What a killed process had received comes back while a person watches. */
const VISIBILITY_TIMEOUT_SECONDS = 20;

export const INTERVIEWS_BUCKET = 'vachan-interviews';
/** The contract's defaults. */
export const INTERVIEW_COLLECTIONS = {
  jobs: 'interview_queue',
  results: 'interview_results',
  events: 'interview_events',
  parts: 'interview_parts',
} as const;

/** Of a stack that nobody else reads; an installation keeps its own secret. */
const STACK_ID_KEY = 'the-stack-has-no-secrets-and-this-is-none';

/** What interviews need besides Temporal. */
export interface InterviewsEndpoints {
  /** S3 and SQS. */
  aws: AwsConnection;
  mongo: MongoEndpoints;
  /** Where recordings arrive. */
  bucket: string;
  /** Our own messages, and notifications of S3. */
  jobs: QueueEndpoints;
}

/** The bucket and the queue with its DLQ, where they are missing; collections come with their first document. */
export async function createInterviewsResources(
  { endpointUrl, region, accessKeyId, secretAccessKey }: AwsEndpoints,
  mongo: MongoEndpoints,
  names = { bucket: INTERVIEWS_BUCKET, queue: 'vachan-interview-jobs' },
): Promise<InterviewsEndpoints> {
  const aws: AwsConnection = { endpointUrl, region, accessKeyId, secretAccessKey };
  const sqs = new SQSClient(awsClientOptions(aws));
  try {
    const [jobs] = await Promise.all([
      createQueueWithDeadLetters(sqs, {
        ...{ name: names.queue, fifo: false, maxReceiveCount: STACK_MAX_RECEIVE_COUNT },
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
      }),
      createBucket(aws, names.bucket),
    ]);
    return { aws, mongo, bucket: names.bucket, jobs };
  } finally {
    sqs.destroy();
  }
}

/** The settings under which processes of interviews use these; Temporal's and the webhook's come besides. */
export function interviewsEnvironment({
  aws,
  mongo,
  bucket,
  jobs,
}: InterviewsEndpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: aws.endpointUrl,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    MONGO_URI: mongo.uri,
    MONGO_DB_NAME: mongo.database,
    INTERVIEW_BUCKETS: bucket,
    INTERVIEW_JOBS_QUEUE_URL: jobs.queueUrl,
    INTERVIEW_ID_KEY: STACK_ID_KEY,
  };
}
