import { MongoClient, ObjectId } from 'mongodb';
import type { InterviewJob } from '../../../../src/pipelines/interviews/contract/job.js';
import { createAdmission, type Admission } from '../../../../src/pipelines/interviews/jobs/admission.js';
import type { InterviewJobs } from '../../../../src/pipelines/interviews/jobs/interview-jobs.js';
import type { JobDocument } from '../../../../src/pipelines/interviews/jobs/job-document.js';
import type { JobWorkflows } from '../../../../src/pipelines/interviews/jobs/job-workflows.js';
import type { JobCollection } from '../../../../src/pipelines/interviews/jobs/job-writes.js';
import { createMongoInterviewJobs } from '../../../../src/pipelines/interviews/jobs/mongo-interview-jobs.js';

export interface JobsUnderTest {
  collection: JobCollection;
  jobs: InterviewJobs;
  /** The jobs that are there. */
  all: () => Promise<InterviewJob[]>;
  admission: Admission;
  /** Ids whose workflow was asked for, in order. */
  started: string[];
  /** Ids of jobs whose workflow runs: it cannot be started again. */
  running: Set<string>;
  /** Ids whose workflow was told that the object is there. */
  woken: string[];
  erased: Set<string>;
  refused: { job_id: string | undefined; error_type: string }[];
  /** What a start of a workflow throws. */
  broken: { error: Error | undefined };
  now: Date;
  close: () => Promise<void>;
}

/** The repository and the admission on an own collection, with a stand-in for Temporal. */
export async function jobsOn({ uri, database }: { uri: string; database: string }): Promise<JobsUnderTest> {
  const client = await MongoClient.connect(uri);
  const collection = client.db(database).collection<JobDocument>('interview_queue');
  const under = {
    collection,
    started: [] as string[],
    running: new Set<string>(),
    woken: [] as string[],
    erased: new Set<string>(),
    refused: [] as JobsUnderTest['refused'],
    broken: { error: undefined } as JobsUnderTest['broken'],
    now: new Date('2026-03-01T10:00:00.000Z'),
  };
  const now = (): Date => under.now;
  const jobs = createMongoInterviewJobs(collection, now);
  await jobs.ensureIndexes();
  const all = async (): Promise<InterviewJob[]> => (await jobs.list({}, { limit: 10 })).jobs;
  const admission = createAdmission({
    collection,
    buckets: ['media'],
    isErased: (id) => Promise.resolve(under.erased.has(id)),
    onRefused: (refused) => {
      under.refused.push(refused);
      return Promise.resolve();
    },
    workflows: workflowsOf(under),
    now,
  });
  return Object.assign(under, { jobs, all, admission, close: () => client.close() });
}

/** A stand-in for Temporal. */
export function workflowsOf(
  under: Pick<JobsUnderTest, 'broken' | 'running' | 'started' | 'woken'>,
): JobWorkflows {
  return {
    start: (jobId) => {
      if (under.broken.error !== undefined) return Promise.reject(under.broken.error);
      if (under.running.has(jobId)) return Promise.resolve('running');
      under.started.push(jobId);
      return Promise.resolve('started');
    },
    objectArrived: (jobId) => {
      if (!under.running.has(jobId)) return Promise.resolve(false);
      under.woken.push(jobId);
      return Promise.resolve(true);
    },
    isRunning: (jobId) => Promise.resolve(under.running.has(jobId)),
    running: () => Promise.resolve(new Set(under.running)),
  };
}

/** A time zone in which no day ends within hours, whenever a test runs. */
export function zoneOfNoon(now = new Date()): string {
  // `Etc/GMT+5` is five hours behind.
  const behind = now.getUTCHours() - 12;
  return `Etc/GMT${behind < 0 ? '' : '+'}${behind}`;
}

/** A document as the upstream application inserts it. */
export function jobDocument(overrides: Record<string, unknown> = {}): JobDocument {
  const _id = new ObjectId();
  return {
    _id,
    interview_id: `interview-${_id.toHexString()}`,
    interview_type: 'video',
    bucket: 'media',
    key: `staging/${_id.toHexString()}.mp4`,
    status: '0',
    data_process: '0',
    created_at: new Date('2026-03-01T09:00:00.000Z'),
    ...overrides,
  };
}
