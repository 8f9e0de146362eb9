import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { atActivityBoundary } from '../../../../src/activities/shared/activity-boundary.js';
import { createPrepareActivities } from '../../../../src/activities/recordings/prepare-run.js';
import { createMeasureBacklogActivity } from '../../../../src/activities/shared/measure-backlog.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { silentLogger } from '../../../../src/platform/logging/logger.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import type { SqsSender } from '../../../../src/queue/sqs-calls.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';

const URL = 'http://localhost:4566/000000000000/recordings';
const config = loadSettings(
  { SQS_QUEUE_URL: URL, MONGO_URI: 'mongodb://localhost:27017' },
  BASE_SETTINGS,
  RECORDINGS_SETTINGS,
);

/** The orchestrator's activities on an SQS that refuses every call. */
function activitiesRefusedWith(name: string, status: number) {
  const client: SqsSender = {
    send: () =>
      Promise.reject(Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } })),
  };
  const queueFor = () => createSqsQueue({ client, url: URL });
  return atActivityBoundary(
    {
      ...createPrepareActivities({
        config,
        source: { sourceCollection: 'student_assessment_record' },
        states: { load: () => Promise.resolve(null) },
        queueFor,
        log: silentLogger,
      }),
      ...createMeasureBacklogActivity({ queueFor, workerPlaces: () => Promise.resolve([4]) }),
    },
    silentLogger,
  );
}

async function failure(work: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof ApplicationFailure)) throw new Error('It did not fail as an activity does.');
  return error;
}

const run = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work);

describe.each([
  ['AccessDenied', 403, 'access denied'],
  ['InvalidClientTokenId', 403, 'credentials'],
  ['SignatureDoesNotMatch', 403, 'credentials'],
  ['KMS.DisabledException', 400, 'encryption key'],
  ['QueueDoesNotExist', 400, 'does not exist'],
  ['SomethingNew', 400, 'SomethingNew'],
])('when SQS answers %s', (name, status, says) => {
  const activities = activitiesRefusedWith(name, status);

  test.each([
    ['a discovery', (): Promise<unknown> => activities.prepareDiscovery({ test_date: '2025-12-20' })],
    ['an ingest', (): Promise<unknown> => activities.prepareIngest({})],
  ])('%s is refused before it begins', async (_what, prepare) => {
    const { type, nonRetryable, message } = await failure(run(prepare));
    expect({ type, nonRetryable }).toEqual({ type: 'InvalidInput', nonRetryable: true });
    expect(message).toContain(says);
  });

  test('a run under way waits, and says why', async () => {
    const { type, nonRetryable, message } = await failure(
      run(() => activities.measureBacklog({ queue_url: URL })),
    );
    expect({ type, nonRetryable }).toEqual({ type: 'QueueRefused', nonRetryable: false });
    expect(message).toContain(says);
  });
});

describe.each([
  ['ExpiredToken', 403],
  ['RequestTimeTooSkewed', 403],
  ['ServiceUnavailable', 503],
])('when SQS answers %s, which passes', (name, status) => {
  test('the preparation waits too', async () => {
    const activities = activitiesRefusedWith(name, status);
    const { type, nonRetryable } = await failure(run(() => activities.prepareIngest({})));
    expect({ type, nonRetryable }).toEqual({ type: 'DependencyUnavailable', nonRetryable: false });
  });
});
