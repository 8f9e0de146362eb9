import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Client } from '@temporalio/client';
import { JOB_STATUS } from '#vachan/pipelines/interviews/contract/job.js';
import { readJobs, type FoundJob } from '../../interviews/read-world.js';
import { finalOutcomes, type SeededInterview, type SeededMedium } from '../../interviews/seeded-interview.js';
import { notifyOfObject, uploadMedium } from '../../interviews/upload-medium.js';
import type { InterviewsEndpoints } from '../../stack/interviews.js';
import type { WebhookReceiver } from '../../webhook-receiver/start-receiver.js';
import type { Fleet } from '../fleet.js';
import { killChunkWorker } from './kill-chunk-worker.js';
import { LARGE_INTERVIEW } from './plan-interviews.js';

const LOOK_EVERY_MS = 500;
/** Two minutes on an idle machine of two cores; a busy one gets its time, and a job that hangs is told of. */
const GIVE_UP_AFTER_SECONDS = 300;
const LATE_AFTER_SECONDS = 12;
const RECEIVER_DOWN_SECONDS = 60;

export interface Course {
  client: Client;
  s3: S3Client;
  sqs: SQSClient;
  fleet: Fleet;
  receiver: WebhookReceiver;
  endpoints: InterviewsEndpoints;
  /** ETags of what lies in S3, by key. */
  etags: Map<string, string>;
  log: (line: string) => void;
}

/** Takes the part of people, browsers and misfortune, until each interview has ended and the world knows. @throws Error when a process ends by itself */
export async function runCourse(interviews: readonly SeededInterview[], course: Course): Promise<void> {
  const { endpoints, receiver, fleet, log } = course;
  const startedAt = Date.now();
  const elapsed = (): number => (Date.now() - startedAt) / 1000;
  const events = eventsOf(interviews, course, elapsed);
  await receiver.down();
  log(`The receiver of webhooks is down for ${RECEIVER_DOWN_SECONDS} s`);
  for (let shown = -1; ;) {
    const jobs = await readJobs(endpoints);
    for (const event of events) await event(jobs);
    const open = interviews.filter((interview) => !isOver(interview, jobs, receiver));
    if (open.length !== shown)
      log(`${interviews.length - open.length} of ${interviews.length} interviews have ended and been told`);
    shown = open.length;
    if (open.length === 0) return;
    const [lost] = fleet.ended();
    if (lost !== undefined) throw new Error(`${lost.name} ended:\n${lost.logTail()}`);
    if (elapsed() > GIVE_UP_AFTER_SECONDS) {
      log(`After ${GIVE_UP_AFTER_SECONDS} s these are still open: ${open.map(({ id }) => id).join(', ')}`);
      return;
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** All its jobs are where they must end, and an event of its end was taken after that. */
function isOver(
  interview: SeededInterview,
  jobs: readonly FoundJob[],
  { deliveries }: WebhookReceiver,
): boolean {
  const own = jobs.filter(({ interview_id: id }) => id === interview.id);
  const ended = own.filter(({ status }) => status === JOB_STATUS.completed || status === JOB_STATUS.failed);
  const revisions = interview.media.map(({ replacement }) => (replacement === undefined ? 1 : 2));
  if (ended.length < finalOutcomes(interview).length) return false;
  if (
    interview.media.some(
      ({ key }, at) => !own.some((job) => job.key === key && job.revision >= revisions[at]!),
    )
  )
    return false;
  const lastEnd = Math.max(...ended.map(({ ended_at: at }) => at?.getTime() ?? 0));
  return deliveries.some(
    ({ event, answered, atMs }) =>
      answered === 204 &&
      atMs >= lastEnd &&
      event?.data['interview_id'] === interview.id &&
      event.type !== 'interview.job_failed',
  );
}

type Event = (jobs: readonly FoundJob[]) => Promise<void>;

/** Each happens once, as soon as its time has come. */
function eventsOf(interviews: readonly SeededInterview[], course: Course, elapsed: () => number): Event[] {
  const { receiver, log } = course;
  const media = interviews.flatMap((interview) => interview.media.map((medium) => ({ interview, medium })));
  const large = interviews.find(({ id }) => id === LARGE_INTERVIEW);
  return [
    once(async () => {
      if (elapsed() < RECEIVER_DOWN_SECONDS) return false;
      await receiver.up();
      log('The receiver of webhooks is up');
      return true;
    }),
    ...(large === undefined ? [] : [once((jobs) => killChunkWorker(large, jobs, course))]),
    ...media
      .filter(({ medium }) => medium.isLate === true)
      .map(({ interview, medium }) =>
        once(async () => {
          if (elapsed() < LATE_AFTER_SECONDS) return false;
          await put(medium, medium.content!, course);
          log(`The recording of ${interview.id} has arrived`);
          return true;
        }),
      ),
    ...media
      .filter(({ medium }) => medium.replacement !== undefined)
      .map(({ interview, medium }) =>
        once(async (jobs) => {
          const job = jobs.find(({ key }) => key === medium.key);
          if (job?.status !== JOB_STATUS.completed) return false;
          await put(medium, medium.replacement!.content, course);
          log(`${interview.id} is completed, and another recording takes the place of its own`);
          return true;
        }),
      ),
  ];
}

async function put(
  { key }: SeededMedium,
  content: NonNullable<SeededMedium['content']>,
  { s3, sqs, endpoints, etags }: Course,
): Promise<void> {
  const object = await uploadMedium({ s3 }, endpoints.bucket, key, content);
  etags.set(key, object.etag);
  await notifyOfObject({ sqs }, endpoints, object);
}

/** @param event resolves to true when it has happened */
function once(event: (jobs: readonly FoundJob[]) => Promise<boolean>): Event {
  let happened = false;
  return async (jobs) => {
    if (!happened) happened = await event(jobs);
  };
}
