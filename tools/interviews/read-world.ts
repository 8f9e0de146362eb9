import { SQSClient } from '@aws-sdk/client-sqs';
import { MongoClient } from 'mongodb';
import type { JobStatus } from '#vachan/pipelines/interviews/contract/job.js';
import type { InterviewResult } from '#vachan/pipelines/interviews/contract/result.js';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { queueDepth, readDeadLetters } from '../demo/world.js';
import { awsClientOptions } from '../stack/aws.js';
import { INTERVIEW_COLLECTIONS, type InterviewsEndpoints } from '../stack/interviews.js';

/** A job's document as the database has it, its `_id` as hex digits. */
export interface FoundJob {
  _id: string;
  interview_id: string;
  interview_type: string;
  bucket: string;
  key: string;
  status: JobStatus;
  data_process: string;
  attempts: number;
  revision: number;
  run_id: string | null;
  created_at?: Date;
  started_at?: Date;
  ended_at?: Date;
  updated_at?: Date;
  error_type?: string;
  error_message?: string;
  result_id?: string;
  etag?: string;
}

export interface FoundEvent {
  _id: string;
  interview_id: string;
  revision: number;
  type: string;
  webhook_id: string;
  status: string;
  tries: number;
  created_at: Date;
}

/** What is there when all has ended, of everything in the database. */
export interface InterviewsWorld {
  jobs: FoundJob[];
  results: InterviewResult[];
  events: FoundEvent[];
  /** What chunks and passes have left, without its content. */
  parts: { job_id: string }[];
  queue: QueueDepth;
  deadLetters: string[];
}

/** Reads all of it, without the product's own code. */
export async function readInterviewsWorld(endpoints: InterviewsEndpoints): Promise<InterviewsWorld> {
  const { aws, jobs: queue } = endpoints;
  const sqs = new SQSClient(awsClientOptions(aws));
  try {
    return await withDatabase(endpoints, async (read) => ({
      jobs: await read<FoundJob>(INTERVIEW_COLLECTIONS.jobs),
      results: await read<InterviewResult>(INTERVIEW_COLLECTIONS.results),
      events: await read<FoundEvent>(INTERVIEW_COLLECTIONS.events),
      parts: await read<{ job_id: string }>(INTERVIEW_COLLECTIONS.parts),
      queue: await queueDepth(sqs, queue.queueUrl),
      deadLetters: await readDeadLetters(sqs, queue.deadLetterQueueUrl),
    }));
  } finally {
    sqs.destroy();
  }
}

/** All jobs as they are now. */
export function readJobs(endpoints: InterviewsEndpoints): Promise<FoundJob[]> {
  return withDatabase(endpoints, (read) => read<FoundJob>(INTERVIEW_COLLECTIONS.jobs));
}

type Read = <Row>(collection: string) => Promise<Row[]>;

async function withDatabase<T>({ mongo }: InterviewsEndpoints, look: (read: Read) => Promise<T>): Promise<T> {
  const client = new MongoClient(mongo.uri);
  try {
    const database = client.db(mongo.database);
    return await look(async <Row>(collection: string) => {
      const rows = await database
        .collection(collection)
        .find({}, { projection: { content: 0 } })
        .sort({ _id: 1 })
        .toArray();
      return rows.map((row) => ({ ...row, _id: String(row._id) })) as Row[];
    });
  } finally {
    await client.close();
  }
}
