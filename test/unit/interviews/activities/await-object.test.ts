import { ApplicationFailure } from '@temporalio/common';
import { createAwaitObjectActivity } from '../../../../src/activities/interviews/await-object.js';
import type { ObjectHead } from '../../../../src/objects/data-path/object-store.js';
import { ObjectForbidden } from '../../../../src/objects/errors.js';
import type { InterviewJob } from '../../../../src/pipelines/interviews/contract/job.js';
import { InvalidJob } from '../../../../src/pipelines/interviews/jobs/job-errors.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';

const SINCE = '2026-11-28T10:00:00.000Z';
const job = { job_id: 'j', bucket: 'b', key: 'secret/k', attempts: 1 } as InterviewJob;
const head = (size: number, etag = '"e"'): ObjectHead =>
  ({ size, etag, metadata: {} }) as unknown as ObjectHead;

interface World {
  found: ObjectHead | undefined;
  waitedSeconds?: number;
  marked?: boolean;
}

/** Looks once; `before` is what the attempt before has left. */
async function look(
  { found, waitedSeconds = 0, marked = true }: World,
  { told = false, before }: { told?: boolean; before?: unknown } = {},
) {
  const environment = activityEnvironment({
    heartbeatDetails: before,
    currentAttemptScheduledTimestampMs: Date.parse(SINCE) + waitedSeconds * 1000,
  });
  let left: unknown;
  environment.on('heartbeat', (details: unknown) => (left = details));
  const { awaitObject } = createAwaitObjectActivity({
    config: { READINESS_DEADLINE: 86_400, READINESS_CHECK_INTERVAL: 30, INTERVIEW_BUCKETS: ['b'] },
    jobs: { get: () => Promise.resolve(job), markReady: () => Promise.resolve(marked) },
    objects: { head: () => Promise.resolve(found) },
  });
  const answer = await environment
    .run(() => awaitObject({ job_id: 'j', run_id: 'r', told, since: SINCE }))
    .catch((error: unknown) => error);
  return { answer, left };
}

const pauseOf = ({ answer }: { answer: unknown }): unknown => {
  expect(answer).toBeInstanceOf(ApplicationFailure);
  const failure = answer as ApplicationFailure;
  expect(failure).toMatchObject({ type: 'NotReady', category: 'BENIGN', nonRetryable: false });
  expect(failure.message).not.toContain('secret');
  return failure.nextRetryDelay;
};

describe('a look for the object of a job', () => {
  test('that finds none fails benignly, until the next in 30 s, and after an hour in two minutes', async () => {
    expect(pauseOf(await look({ found: undefined }))).toBe(30_000);
    expect(pauseOf(await look({ found: undefined, waitedSeconds: 3_601 }))).toBe(120_000);
  });

  test('takes an empty one for none', async () => {
    expect(pauseOf(await look({ found: head(0) }, { told: true }))).toBe(30_000);
  });

  test('wants the same size twice where nothing has told of it', async () => {
    const first = await look({ found: head(7) });
    expect(pauseOf(first)).toBe(30_000);
    const grown = await look({ found: head(9) }, { before: first.left });
    expect(pauseOf(grown)).toBe(30_000);
    const { answer } = await look({ found: head(9) }, { before: grown.left });
    expect(answer).toEqual({ ready: true, attempts: 1 });
  });

  test('is enough where an event has told of it', async () => {
    expect((await look({ found: head(7) }, { told: true })).answer).toEqual({ ready: true, attempts: 1 });
  });

  test('after the deadline ends the waiting, in words', async () => {
    const { answer } = await look({ found: undefined, waitedSeconds: 86_400 });
    expect(answer).toMatchObject({ refused: { error_type: 'NotReadyInTime' } });
  });

  test('just before the deadline is followed by one just after it', async () => {
    expect(pauseOf(await look({ found: undefined, waitedSeconds: 86_395 }))).toBe(6_000);
  });

  test('of a job that does not wait any more ends the workflow as superseded', async () => {
    const { answer } = await look({ found: head(7), marked: false }, { told: true });
    expect(answer).toEqual({ superseded: true });
  });

  test.each<[string, Partial<Parameters<typeof createAwaitObjectActivity>[0]>, unknown]>([
    [
      'a document that is no job',
      { jobs: { get: () => Promise.reject(new InvalidJob('bucket: expected text')), markReady: jest.fn() } },
      { refused: { error_type: 'InvalidJob', message: 'bucket: expected text' } },
    ],
    [
      'a document that is gone',
      { jobs: { get: () => Promise.resolve(undefined), markReady: jest.fn() } },
      { superseded: true },
    ],
    [
      'an object that may not be read',
      { objects: { head: () => Promise.reject(new ObjectForbidden('refused (403)')) } },
      { refused: { error_type: 'ObjectForbidden', message: 'refused (403)' } },
    ],
    [
      'a bucket that is not for this service',
      {
        config: { READINESS_DEADLINE: 1, READINESS_CHECK_INTERVAL: 1, INTERVIEW_BUCKETS: ['other'] },
        objects: { head: () => Promise.reject(new Error('asked all the same')) },
      },
      { refused: { error_type: 'InvalidJob' } },
    ],
  ])('refuses %s', async (_, changes, expected) => {
    const { awaitObject } = createAwaitObjectActivity({
      config: { READINESS_DEADLINE: 1, READINESS_CHECK_INTERVAL: 1, INTERVIEW_BUCKETS: ['b'] },
      jobs: { get: () => Promise.resolve(job), markReady: () => Promise.resolve(true) },
      objects: { head: () => Promise.resolve(undefined) },
      ...changes,
    });
    const input = { job_id: 'j', run_id: 'r', told: false, since: SINCE };
    expect(await activityEnvironment().run(() => awaitObject(input))).toMatchObject(expected as object);
  });
});
