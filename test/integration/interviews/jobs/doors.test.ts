import { Client, Connection } from '@temporalio/client';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createSweepActivities } from '../../../../src/activities/interviews/sweep-interviews.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { together } from '../../../../src/platform/config/settings-table.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { createMetrics } from '../../../../src/platform/metrics/metrics.js';
import { JOB_HANDLERS } from '../../../../src/pipelines/interviews/contract/job-handlers.js';
import {
  interviewWorkflowId,
  jobWorkflowId,
  orchestratorTaskQueue,
} from '../../../../src/pipelines/interviews/contract/names.js';
import { interviewDigest } from '../../../../src/pipelines/interviews/interview-digest.js';
import { createDoors } from '../../../../src/pipelines/interviews/jobs/doors.js';
import { createJobWorkflows } from '../../../../src/pipelines/interviews/jobs/job-workflows.js';
import type { InterviewsLogger } from '../../../../src/pipelines/interviews/log-events.js';
import { createInterviewsMetrics } from '../../../../src/pipelines/interviews/metrics/interviews-metrics.js';
import { createDependencies } from '../../../../src/pipelines/interviews/process/dependencies.js';
import type { ActivityParts } from '../../../../src/pipelines/interviews/process/parts.js';
import { INTERVIEWS_SETTINGS } from '../../../../src/pipelines/interviews/settings/index.js';
import { createTemporalRuns } from '../../../../src/temporal/runs/temporal-runs.js';
import { until } from '../../../until.js';
import { freshInterviews, sqsClient } from '../../embedded-stack.js';
import { jobDocument } from './jobs-under-test.js';

let parts: ActivityParts;
let client: Client;
const sqs = sqsClient();
const told: string[] = [];
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  const { env } = await freshInterviews();
  // The SDK of AWS looks for them there.
  for (const name of Object.keys(env)) if (name.startsWith('AWS_')) process.env[name] = env[name];
  const config = loadSettings(
    { ...env, QUEUE_CHECK_INTERVAL: '1' },
    together({ base: BASE_SETTINGS, interviews: INTERVIEWS_SETTINGS }),
  );
  const connection = await Connection.connect({ address: env['TEMPORAL_ADDRESS']! });
  closers.push(() => connection.close());
  client = new Client({ connection, namespace: env['TEMPORAL_NAMESPACE']! });
  const dependencies = createDependencies(config);
  closers.push(() => dependencies.close());
  expect(await dependencies.connect()).toBeUndefined();
  const taskQueue = orchestratorTaskQueue(env['TASK_QUEUE']!);
  const temporal = { client, runs: createTemporalRuns(client), taskQueue };
  const metrics = createInterviewsMetrics(createMetrics(), {
    ...{ heldJobs: () => 0, memoryUsed: () => undefined, countedJobs: () => undefined },
  });
  const log = recordingLogger() as InterviewsLogger;
  parts = { config, dependencies, metrics, temporal: () => temporal, log };
  for (const door of createDoors(parts, ({ job_id }) => Promise.resolve(void told.push(job_id)))) {
    door.start();
    closers.push(() => door.close());
  }
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  sqs.destroy();
});

const send = (body: object) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: parts.config.INTERVIEW_JOBS_QUEUE_URL,
      MessageBody: JSON.stringify(body),
    }),
  );

const runOf = (jobId: string) =>
  until(() =>
    client.workflow
      .getHandle(jobWorkflowId(jobId))
      .describe()
      .catch(() => undefined),
  );

async function signalsOf(jobId: string): Promise<string[]> {
  const { events } = await client.workflow.getHandle(jobWorkflowId(jobId)).fetchHistory();
  return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}

const bucketOf = (): string => parts.config.INTERVIEW_BUCKETS[0]!;

test('a job that is inserted has its workflow, of whose history it stays out', async () => {
  const document = jobDocument({ bucket: bucketOf(), interview_id: 'asha-rao' });
  await parts.dependencies.queue.insertOne(document);
  const jobId = document._id.toHexString();
  const { type, taskQueue, status } = await runOf(jobId);
  expect([type, taskQueue, status.name]).toEqual([
    'interviewJobWorkflow',
    parts.temporal().taskQueue,
    'RUNNING',
  ]);
  const history = JSON.stringify(await client.workflow.getHandle(jobWorkflowId(jobId)).fetchHistory());
  for (const secret of ['asha-rao', String(document['key'])]) {
    expect(history).not.toContain(secret);
    expect(history).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4));
  }
});

test('a job that is sent has its workflow, and the event of its object wakes it', async () => {
  const key = 'staging/a b.mp4';
  await send({ interview_id: 'sent', interview_type: 'video', bucket: bucketOf(), key });
  const { job_id } = await until(async () => (await parts.dependencies.jobs.ofInterview('sent'))[0]);
  await runOf(job_id);
  const s3 = { bucket: { name: bucketOf() }, object: { key: 'staging/a+b.mp4', size: 1, eTag: 'a' } };
  await send({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3 }] });
  const signals = await until(async () => {
    const found = await signalsOf(job_id);
    return found.length > 0 ? found : undefined;
  });
  expect(signals).toEqual([JOB_HANDLERS.objectArrived]);
});

test('a document that is no job fails, and is told by its id', async () => {
  const document = jobDocument({ bucket: 'others' });
  await parts.dependencies.queue.insertOne(document);
  const jobId = document._id.toHexString();
  await until(() => told.includes(jobId));
  expect(await parts.dependencies.jobs.get(jobId)).toMatchObject({ status: '2', error_type: 'InvalidJob' });
});

test('the workflows of jobs are started once, found, and told whether they run', async () => {
  const workflows = createJobWorkflows(parts.temporal);
  const jobId = jobDocument()._id.toHexString();
  expect(await workflows.isRunning(jobId)).toBe(false);
  expect(await workflows.objectArrived(jobId)).toBe(false);
  expect(await workflows.start(jobId)).toBe('started');
  expect(await workflows.start(jobId)).toBe('running');
  expect(await workflows.isRunning(jobId)).toBe(true);
  expect(await workflows.objectArrived(jobId)).toBe(true);
  await until(async () => (await workflows.running()).has(jobId));

  await client.workflow.getHandle(jobWorkflowId(jobId)).terminate();
  expect(await workflows.isRunning(jobId)).toBe(false);
  expect(await workflows.objectArrived(jobId)).toBe(false);
  expect(await workflows.start(jobId)).toBe('started');
});

test('a sweep finds what has lost its workflow, and leaves alone what has one', async () => {
  const hoursAgo = new Date(Date.now() - 3 * 3_600_000);
  const taken = { bucket: bucketOf(), admitted_at: hoursAgo, run_id: null, attempts: 0 };
  const inWork = {
    ...taken,
    status: '1',
    run_id: 'run-1',
    attempts: 1,
    started_at: hoursAgo,
    updated_at: hoursAgo,
  };
  const [waiting, lost, busy, ended] = [
    jobDocument(taken),
    jobDocument(inWork),
    jobDocument(inWork),
    jobDocument({ ...taken, status: '2', error_type: 'MediaRefused', ended_at: new Date() }),
  ];
  const [waitingId, lostId, busyId] = [waiting, lost, busy].map(({ _id }) => _id.toHexString()) as [
    string,
    string,
    string,
  ];
  await createJobWorkflows(parts.temporal).start(busyId);
  await parts.dependencies.queue.insertMany([waiting, lost, busy, ended]);

  const sweep = createSweepActivities(parts);
  const swept = await new MockActivityEnvironment().run(() => sweep.sweepInterviews());

  expect(swept).toMatchObject({ released: 1, begun_anew: 0, removed: 0 });
  expect((await runOf(waitingId)).status.name).toBe('RUNNING');
  expect((await runOf(lostId)).status.name).toBe('RUNNING');
  expect(await parts.dependencies.jobs.get(lostId)).toMatchObject({ status: '0', run_id: null, attempts: 1 });
  expect(await parts.dependencies.jobs.get(busyId)).toMatchObject({ status: '1', run_id: 'run-1' });
  const digest = interviewDigest(String(ended['interview_id']), parts.config.INTERVIEW_ID_KEY);
  const { type } = await client.workflow.getHandle(interviewWorkflowId(digest)).describe();
  expect(type).toBe('interviewWorkflow');
});
