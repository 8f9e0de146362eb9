import { setTimeout as delay } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Client } from '@temporalio/client';
import { jobWorkflowId, taskWorkflowId } from '#vachan/pipelines/exports/contract/job-ref.js';
import type { ExportApi } from '../../export-api/start-export-api.js';
import { awsClientOptions } from '../../stack/aws.js';
import type { ExportsEndpoints } from '../../stack/exports.js';
import { queueDepth } from '../world.js';
import type { Fleet } from '../fleet.js';
import { CANCELLED_JOB, LARGE_JOB, RETRIED_JOB } from './plan-exports.js';
import { readResult } from '../../exports/read-world.js';
import { jobsMessage, sendToJobs } from '../../exports/seed-exports.js';
import type { SeededJob } from '../../exports/seeded-job.js';

const LOOK_EVERY_MS = 500;
/** Two minutes on an idle machine of two cores; a busy one gets its time, and a job that hangs is told of. */
const GIVE_UP_AFTER_SECONDS = 420;
/** Of the large file: its first part is in place, and most of it is not. */
const KILL_AFTER_BYTES = 11 * 1024 * 1024;
const CANCEL_AFTER_BYTES = 20 * 1024;

export interface Followed {
  client: Client;
  api: ExportApi;
  fleet: Fleet;
  endpoints: ExportsEndpoints;
  log: (line: string) => void;
}

/** Takes a person's and misfortune's part, until all jobs have ended and the queues are empty. @throws Error when a process ends by itself */
export async function followJobs(jobs: readonly SeededJob[], followed: Followed): Promise<void> {
  const { endpoints, fleet, log } = followed;
  const s3 = new S3Client({ ...awsClientOptions(endpoints.store), forcePathStyle: true });
  const sqs = new SQSClient(awsClientOptions(endpoints.sqs));
  const events = eventsOf(jobs, followed, s3);
  const open = new Set(jobs);
  const deadline = Date.now() + GIVE_UP_AFTER_SECONDS * 1000;
  try {
    for (let shown = -1; ;) {
      for (const event of events) await event();
      for (const job of open) {
        const result = await readResult(s3, endpoints, job.ref);
        if (result !== undefined && result.attempt >= job.attempt) open.delete(job);
      }
      if (open.size !== shown) log(`${jobs.length - open.size} of ${jobs.length} jobs have ended`);
      shown = open.size;
      if (open.size === 0 && (await areEmpty(sqs, endpoints))) return;
      const [lost] = fleet.ended();
      if (lost !== undefined) throw new Error(`${lost.name} ended:\n${lost.logTail()}`);
      if (Date.now() > deadline) {
        log(
          `After ${GIVE_UP_AFTER_SECONDS} s these are still open: ${[...open].map(({ ref }) => ref.export_id).join(', ')}`,
        );
        return;
      }
      await delay(LOOK_EVERY_MS);
    }
  } finally {
    s3.destroy();
    sqs.destroy();
  }
}

async function areEmpty(sqs: SQSClient, { jobs, tasks }: ExportsEndpoints): Promise<boolean> {
  const depths = await Promise.all([jobs, tasks].map(({ queueUrl }) => queueDepth(sqs, queueUrl)));
  return depths.every(({ visible, in_flight: inFlight, delayed }) => visible + inFlight + delayed === 0);
}

/** Each happens once, as soon as its time has come. */
function eventsOf(jobs: readonly SeededJob[], followed: Followed, s3: S3Client): (() => Promise<void>)[] {
  const { client, api, endpoints, log } = followed;
  const find = (id: string): SeededJob | undefined => jobs.find(({ ref }) => ref.export_id === id);
  const [large, cancelled, retried] = [find(LARGE_JOB), find(CANCELLED_JOB), find(RETRIED_JOB)];
  const served = ({ ref, files }: SeededJob): number =>
    files.reduce((sum, { id }) => sum + api.log.served(ref.export_id, id), 0);
  return [
    once(async () => {
      if (large === undefined || served(large) < KILL_AFTER_BYTES) return large === undefined;
      return killHolder(large, followed);
    }),
    once(async () => {
      if (cancelled === undefined || served(cancelled) < CANCEL_AFTER_BYTES) return cancelled === undefined;
      await client.workflow.getHandle(jobWorkflowId(cancelled.ref)).cancel();
      log(`Cancelled ${CANCELLED_JOB} in the middle of its downloads`);
      return true;
    }),
    once(async () => {
      if (retried === undefined) return true;
      const result = await readResult(s3, endpoints, retried.ref);
      if (result === undefined) return false;
      for (const { id, content } of retried.files) api.catalogue.replaceFile(RETRIED_JOB, id, { content });
      const body = jobsMessage(retried.ref.source, [RETRIED_JOB], { force: true });
      await sendToJobs(endpoints, body);
      log(`${RETRIED_JOB} ended as ${result.state}; its archive is whole now, and it is asked for again`);
      return true;
    }),
  ];
}

/** @param event resolves to true when it has happened */
function once(event: () => Promise<boolean>): () => Promise<void> {
  let happened = false;
  return async () => {
    if (!happened) happened = await event();
  };
}

/** Ends the process that has the job's first task, as the kernel does when memory is short, and starts another. */
async function killHolder({ ref }: SeededJob, { client, fleet, log }: Followed): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(taskWorkflowId(ref, 0)).describe();
  const holder = Number(/^\d+/.exec(raw.pendingActivities?.[0]?.lastWorkerIdentity ?? '')?.[0]);
  if (!Number.isInteger(holder) || holder <= 1) return false;
  const before = new Set(fleet.ended());
  process.kill(holder, 'SIGKILL');
  for (;;) {
    const killed = fleet.ended().find((one) => !before.has(one));
    if (killed === undefined) {
      await delay(50);
      continue;
    }
    log(`Killed ${killed.name} (process ${holder}) in the middle of an entry of 24 MB; another one starts`);
    fleet.forget(killed.name);
    fleet.start('worker', `${killed.name}-again`);
    return true;
  }
}
