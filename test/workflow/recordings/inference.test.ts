import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FAILURES } from '../../../src/contract/failures.js';
import type { InferenceSummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { oneBatch, startBatch, withWorkers, type FakeActivities, type FakeRun } from './fake-run.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.teardown());

function runBatch(fake: FakeRun, activities: FakeActivities): Promise<InferenceSummary> {
  return withWorkers(environment, fake.taskQueue, activities, async () =>
    (await startBatch(environment, fake)).result(),
  );
}

const ALL_STAGES = [
  'receiveBatch',
  'screenBatch',
  'downloadAudio',
  'extractFeatures',
  'runInference',
  'upsertResults',
  'acknowledge',
];

test('a batch goes through every stage in order and reports its outcomes and timings', async () => {
  const { fake, stages, activities } = oneBatch();
  const summary = await runBatch(fake, activities);
  expect(stages).toEqual(ALL_STAGES);
  expect(summary).toMatchObject({
    status: 'processed',
    received: 40,
    returned: 0,
    outcomes: { completed: 40 },
  });
  expect(Object.keys(summary.timings_ms).sort()).toEqual(
    ['acknowledge', 'download', 'features', 'inference', 'receive', 'screen', 'upsert'].sort(),
  );
});

test('an empty queue ends the batch without a stage on the host', async () => {
  const { fake, stages, activities } = oneBatch();
  fake.waiting = 0;
  expect(await runBatch(fake, activities)).toMatchObject({ status: 'empty', received: 0 });
  expect(stages).toEqual(['receiveBatch']);
});

test('a batch in which nothing needs work is written and acknowledged without being downloaded', async () => {
  const { fake, stages, activities } = oneBatch({ screenBatch: () => Promise.resolve({ remaining: 0 }) });
  expect(await runBatch(fake, activities)).toMatchObject({ status: 'processed' });
  expect(stages).toEqual(['receiveBatch', 'screenBatch', 'upsertResults', 'acknowledge']);
});

test('a host that was restarted and no longer holds the batch counts as lost', async () => {
  const { fake, activities } = oneBatch({
    extractFeatures: () => Promise.reject(ApplicationFailure.nonRetryable('not held', FAILURES.batchGone)),
  });
  expect(await runBatch(fake, activities)).toMatchObject({ status: 'host_lost', returned: 40 });
});

test('a stage that fails for good gives the batch back and says why', async () => {
  const { fake, stages, activities } = oneBatch({
    runInference: () =>
      Promise.reject(ApplicationFailure.nonRetryable('the model is broken', 'ModelInvalid')),
  });
  const summary = await runBatch(fake, activities);
  expect(summary).toMatchObject({ status: 'failed', returned: 40, reason: 'the model is broken' });
  expect(stages.at(-1)).toBe('releaseBatch');
  expect(stages).not.toContain('upsertResults');
});

test('a stage whose dependency is down is tried until it is up again', async () => {
  let attempts = 0;
  const { fake, stages, activities } = oneBatch({
    upsertResults: () => {
      attempts++;
      return attempts < 6
        ? Promise.reject(ApplicationFailure.retryable('the database is down', 'DependencyUnavailable'))
        : Promise.resolve({ remaining: 0 });
    },
  });
  expect(await runBatch(fake, activities)).toMatchObject({
    status: 'processed',
    outcomes: { completed: 40 },
  });
  expect(stages.filter((stage) => stage === 'acknowledge')).toHaveLength(1);
});

test('a cancelled batch gives its messages back', async () => {
  let reached: () => void = () => undefined;
  const underway = new Promise<void>((resolve) => (reached = resolve));
  const { fake, stages, activities } = oneBatch({
    downloadAudio: () => {
      reached();
      return Promise.reject(ApplicationFailure.retryable('still waiting', 'DependencyUnavailable'));
    },
  });
  await withWorkers(environment, fake.taskQueue, activities, async () => {
    const handle = await startBatch(environment, fake);
    await underway;
    await handle.cancel();
    const failure: unknown = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((failure as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  });
  expect(stages.at(-1)).toBe('releaseBatch');
  expect(stages).not.toContain('acknowledge');
});

describe('a host that runs stages in one activity', () => {
  const JOINED = ['receiveBatch', 'scoreBatch', 'upsertResults', 'acknowledge'];

  /** As {@link oneBatch}, on a host of the kind. */
  function oneJoinedBatch(changes: Partial<FakeActivities> = {}): ReturnType<typeof oneBatch> {
    const batch = oneBatch(changes);
    batch.fake.joinsStages = true;
    return batch;
  }

  test('is asked for them once, and the summary has the time of each', async () => {
    const { fake, stages, activities } = oneJoinedBatch();
    const summary = await runBatch(fake, activities);
    expect(stages).toEqual(JOINED);
    expect(summary).toMatchObject({
      status: 'processed',
      outcomes: { completed: 40 },
      timings_ms: { screen: 1, download: 2, features: 3, inference: 4 },
    });
    expect(Object.keys(summary.timings_ms)).toHaveLength(ALL_STAGES.length);
  });

  test('writes and acknowledges a batch in which nothing needed work', async () => {
    const { fake, stages, activities } = oneJoinedBatch({
      scoreBatch: () => Promise.resolve({ remaining: 0, timings_ms: { screen: 1 } }),
    });
    expect(await runBatch(fake, activities)).toMatchObject({ status: 'processed' });
    expect(stages).toEqual(JOINED);
  });

  test('gives the batch back when one of them hangs, and says which', async () => {
    const { fake, stages, activities } = oneJoinedBatch({
      scoreBatch: () => Promise.reject(ApplicationFailure.nonRetryable('download hung', FAILURES.stageHung)),
    });
    expect(await runBatch(fake, activities)).toMatchObject({ status: 'failed', reason: 'download hung' });
    expect(stages).toEqual(['receiveBatch', 'scoreBatch', 'releaseBatch']);
  });

  test('that was restarted counts as lost', async () => {
    const { fake, activities } = oneJoinedBatch({
      scoreBatch: () => Promise.reject(ApplicationFailure.nonRetryable('not held', FAILURES.batchGone)),
    });
    expect(await runBatch(fake, activities)).toMatchObject({ status: 'host_lost', returned: 40 });
  });
});

describe('a host that runs all stages in one activity', () => {
  /** As {@link oneBatch}, on a host of the kind. */
  function oneWholeBatch(changes: Partial<FakeActivities> = {}): ReturnType<typeof oneBatch> {
    const batch = oneBatch(changes);
    batch.fake.joinsStages = true;
    batch.fake.joinsAll = true;
    return batch;
  }

  test('is asked once, and the summary has what became of the batch and the time of each stage', async () => {
    const { fake, stages, activities } = oneWholeBatch();
    const summary = await runBatch(fake, activities);
    expect(stages).toEqual(['receiveBatch', 'processBatch']);
    expect(summary).toMatchObject({
      status: 'processed',
      received: 40,
      returned: 0,
      outcomes: { completed: 40 },
      failures: { AudioNotFound: 1 },
      timings_ms: { screen: 1, download: 2, features: 3, inference: 4, upsert: 5, acknowledge: 6 },
    });
    expect(Object.keys(summary.timings_ms)).toHaveLength(ALL_STAGES.length);
  });

  test('gives the batch back when one of them hangs, and says which', async () => {
    const { fake, stages, activities } = oneWholeBatch({
      processBatch: () => Promise.reject(ApplicationFailure.nonRetryable('upsert hung', FAILURES.stageHung)),
    });
    expect(await runBatch(fake, activities)).toMatchObject({ status: 'failed', reason: 'upsert hung' });
    expect(stages).toEqual(['receiveBatch', 'processBatch', 'releaseBatch']);
  });

  test('that was restarted counts as lost', async () => {
    const { fake, activities } = oneWholeBatch({
      processBatch: () => Promise.reject(ApplicationFailure.nonRetryable('not held', FAILURES.batchGone)),
    });
    expect(await runBatch(fake, activities)).toMatchObject({ status: 'host_lost', returned: 40 });
  });
});
