import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WorkflowNotFoundError } from '@temporalio/client';
import { JOB_STATUS } from '#vachan/pipelines/interviews/contract/job.js';
import { interviewWorkflowId, jobWorkflowId } from '#vachan/pipelines/interviews/contract/names.js';
import { insertJobs } from '../../interviews/insert-jobs.js';
import { readJobs, type FoundJob } from '../../interviews/read-world.js';
import type { Content, SeededMedium } from '../../interviews/seeded-interview.js';
import { notifyOfObject, uploadMedium } from '../../interviews/upload-medium.js';
import { awsClientOptions } from '../../stack/aws.js';
import { projectRoot } from '../../stack/folders.js';
import { runToEnd } from '../../stack/guarded-process.js';
import type { InterviewsEndpoints } from '../../stack/interviews.js';
import type { WebhookReceiver } from '../../webhook-receiver/start-receiver.js';
import type { TemporalCalls } from '../temporal-calls.js';
import type { ChaosInterview } from './plan-chaos-interviews.js';

/** Of an object that comes after its job. */
const LATE_MS = { least: 2_000, most: 15_000 };
const ERASE_TIMEOUT_MS = 120_000;
const ERASE_AFTER_MS = 1_500;

export interface CourseOptions {
  endpoints: () => InterviewsEndpoints;
  receiver: WebhookReceiver;
  temporal: TemporalCalls;
  /** INTERVIEW_ID_KEY */
  idKey: string;
  /** Of a command, which reaches the servers directly. */
  eraseEnv: () => Record<string, string>;
}

/** What people and browsers do in a run: interviews come one after the other, and each has its story. */
export interface ChaosCourse {
  /** Adds the next interview; false where none is left. */
  addNext(): Promise<boolean>;
  left(): number;
  /** Takes each story on as far as it can go. @returns interviews that are under way */
  goOn(): Promise<ChaosInterview[]>;
  /** Of what lies in S3, by key. */
  etags: ReadonlyMap<string, string>;
  close(): void;
}

interface UnderWay {
  interview: ChaosInterview;
  addedAtMs: number;
  /** Its story has been told to its end; what is left is the system's. */
  isTold: boolean;
}

export function createCourse(
  interviews: readonly ChaosInterview[],
  { endpoints, receiver, temporal, idKey, eraseEnv }: CourseOptions,
): ChaosCourse {
  const { aws } = endpoints();
  const s3 = new S3Client({ ...awsClientOptions(aws), forcePathStyle: true });
  const sqs = new SQSClient(awsClientOptions(aws));
  const waiting = [...interviews];
  const underWay: UnderWay[] = [];
  const etags = new Map<string, string>();

  const put = async ({ key }: SeededMedium, content: Content, isNotified: boolean): Promise<void> => {
    const object = await uploadMedium({ s3 }, endpoints().bucket, key, content);
    etags.set(key, object.etag);
    if (isNotified) await notifyOfObject({ sqs }, endpoints(), object);
  };

  const deleteWorkflows = async (interview: ChaosInterview, jobs: readonly FoundJob[]): Promise<void> => {
    const digest = createHmac('sha256', idKey).update(interview.id).digest('hex').slice(0, 32);
    const ids = [...jobs.map(({ _id: id }) => jobWorkflowId(id)), interviewWorkflowId(digest)];
    await temporal(async (client) => {
      for (const workflowId of ids) {
        const { namespace } = client.options;
        await client.workflowService
          .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } })
          .catch((error: unknown) => {
            if (!(error instanceof WorkflowNotFoundError) && !/not found/i.test(String(error))) throw error;
          });
      }
    });
  };

  /** @returns whether the story is told to its end */
  const tell = async ({ interview, addedAtMs }: UnderWay, jobs: readonly FoundJob[]): Promise<boolean> => {
    const { story, media, id } = interview;
    const age = Date.now() - addedAtMs;
    const [job] = jobs;
    const [medium] = media;
    if (medium === undefined) return true;
    switch (story) {
      case 'plain':
        return true;
      case 'late':
        if (age < latenessOf(id)) return false;
        for (const one of media) if (one.content !== undefined) await put(one, one.content, true);
        return true;
      case 'overwritten':
        if (job === undefined || job.status === JOB_STATUS.pending) return false;
        await put(medium, medium.replacement!.content, true);
        return true;
      case 'replaced':
      case 'deleted':
        if (!isEndTold(interview, jobs, receiver)) return false;
        if (story === 'deleted') await deleteWorkflows(interview, jobs);
        await put(medium, medium.replacement!.content, true);
        return true;
      case 'extra': {
        const more = media[1]!;
        if (!isEndTold({ ...interview, media: [medium] }, jobs, receiver)) return false;
        if (more.content !== undefined) await put(more, more.content, false);
        await insertJobs([{ interview, medium: more }], endpoints());
        return true;
      }
      case 'erased':
        if (age < ERASE_AFTER_MS || job === undefined) return false;
        await runToEnd(
          process.execPath,
          [join(projectRoot(), 'bin', 'vachan.js'), 'interviews', 'erase', id, '--yes'],
          { timeoutMs: ERASE_TIMEOUT_MS, env: { PATH: process.env['PATH'], ...eraseEnv() } },
        );
        return true;
    }
  };

  return {
    etags,
    left: () => waiting.length,
    async addNext() {
      const interview = waiting[0];
      if (interview === undefined) return false;
      const first = interview.story === 'extra' ? interview.media.slice(0, 1) : interview.media;
      for (const medium of first)
        if (medium.content !== undefined && medium.isLate !== true) await put(medium, medium.content, false);
      await insertJobs(
        first.map((medium) => ({ interview, medium })),
        endpoints(),
      );
      waiting.shift();
      underWay.push({ interview, addedAtMs: Date.now(), isTold: false });
      return true;
    },
    async goOn() {
      const all = await readJobs(endpoints());
      for (const one of [...underWay]) {
        const jobs = all.filter(({ interview_id: id }) => id === one.interview.id);
        if (!one.isTold) one.isTold = await tell(one, jobs);
        else if (isOver(one.interview, jobs, receiver)) underWay.splice(underWay.indexOf(one), 1);
      }
      return underWay.map(({ interview }) => interview);
    },
    close() {
      s3.destroy();
      sqs.destroy();
    },
  };
}

/** The same with each run. */
function latenessOf(id: string): number {
  const [byte = 0] = createHmac('sha256', 'late').update(id).digest();
  return LATE_MS.least + ((LATE_MS.most - LATE_MS.least) * byte) / 255;
}

const isEnded = ({ status }: FoundJob): boolean =>
  status === JOB_STATUS.completed || status === JOB_STATUS.failed;

/** All its jobs have ended, and an event of its end was taken after that. */
function isEndTold(
  { id, media }: ChaosInterview,
  jobs: readonly FoundJob[],
  { deliveries }: WebhookReceiver,
): boolean {
  if (jobs.length < media.length || !jobs.every(isEnded)) return false;
  const total = jobs.length;
  return deliveries.some(({ event, answered }) => {
    if (event === undefined || event.type === 'interview.job_failed' || answered !== 204) return false;
    const { interview_id: of, jobs: counts, media: told } = event.data;
    const results = JSON.stringify(told);
    return (
      of === id &&
      (counts as { total?: number } | undefined)?.total === total &&
      jobs.every(({ result_id: result }) => result === undefined || results.includes(result))
    );
  });
}

function isOver(interview: ChaosInterview, jobs: readonly FoundJob[], receiver: WebhookReceiver): boolean {
  if (interview.isErased === true) return jobs.length === 0;
  const areNew = interview.media.every(({ key, replacement }) => {
    const job = jobs.find((one) => one.key === key);
    return replacement === undefined || replacement.isMidway === true || (job?.revision ?? 0) >= 2;
  });
  return areNew && isEndTold(interview, jobs, receiver);
}
