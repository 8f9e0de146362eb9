import { CancelledFailure } from '@temporalio/common';
import { createJoinedActivities } from '../../../../src/activities/recordings/joined-activities.js';
import {
  atActivityBoundary,
  type ActivityAttempt,
} from '../../../../src/activities/shared/activity-boundary.js';
import type { ProcessedReport } from '../../../../src/activities/shared/activity-types.js';
import { FAILURES } from '../../../../src/contract/failures.js';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { BATCH } from '../../shared/activities/held-batch.js';
import { activityEnvironment, inActivity } from '../../shared/activities/in-activity.js';
import { heldBatch, type HeldBatch } from './held-batch.js';

type Stages = Parameters<typeof createJoinedActivities>[1];
const SCORING = ['screenBatch', 'downloadAudio', 'extractFeatures', 'runInference'];
const REPORT = { outcomes: { ...noOutcomes(), completed: 2 }, failures: {}, returned: 0 };

let held: HeldBatch;
let ran: string[];
let timed: ActivityAttempt[];
beforeEach(() => {
  held = heldBatch(2);
  ran = [];
  timed = [];
});
afterEach(() => held.dispose());

/** Each notes that it ran; the last one lets go of the batch, as it does in a worker. */
function processing(changes: Partial<Stages> = {}): () => Promise<ProcessedReport> {
  const left = () => Promise.resolve({ remaining: 2 });
  const stages: Stages = {
    screenBatch: left,
    downloadAudio: left,
    extractFeatures: left,
    runInference: left,
    upsertResults: left,
    acknowledge: async () => {
      await held.store.closeThis(held.batch, REPORT);
      return REPORT;
    },
    ...changes,
  };
  const noted = Object.fromEntries(
    Object.entries(stages).map(([name, stage]) => [
      name,
      (...args: [never]) => {
        ran.push(name);
        return stage(...args);
      },
    ]),
  ) as unknown as Stages;
  const { processBatch } = atActivityBoundary(
    createJoinedActivities(held.store, noted, (ended) => timed.push(ended)),
    held.log,
  );
  return () => processBatch(BATCH);
}

test('all stages run in order, and each is timed by itself', async () => {
  const report = await inActivity(processing());
  expect(ran).toEqual([...SCORING, 'upsertResults', 'acknowledge']);
  expect(timed.map(({ activity, failed }) => [activity, failed])).toEqual(ran.map((name) => [name, false]));
  expect(report).toMatchObject(REPORT);
  expect(Object.keys(report.timings_ms)).toEqual([
    ...['screen', 'download', 'features', 'inference', 'upsert', 'acknowledge'],
  ]);
});

test('a batch in which nothing needs work is written and acknowledged', async () => {
  await inActivity(processing({ screenBatch: () => Promise.resolve({ remaining: 0 }) }));
  expect(ran).toEqual(['screenBatch', 'upsertResults', 'acknowledge']);
});

test('nothing is deleted while results are not written; the failure names the stage, and the next attempt goes on there', async () => {
  const upsertResults = jest
    .fn<Promise<{ remaining: number }>, []>()
    .mockRejectedValueOnce(new DependencyUnavailable('MongoDB does not answer'))
    .mockResolvedValue({ remaining: 0 });
  const process = processing({ upsertResults });
  await expect(inActivity(process)).rejects.toMatchObject({
    type: 'DependencyUnavailable',
    message: 'MongoDB does not answer',
    details: [{ step: 'upsertResults' }],
  });
  expect(ran).toEqual([...SCORING, 'upsertResults']);
  expect(held.log.lines).toContainEqual(
    expect.objectContaining({ event: 'activity_failed', activity: 'upsertResults' }),
  );
  ran = [];
  await expect(inActivity(process)).resolves.toMatchObject(REPORT);
  expect(ran).toEqual(['upsertResults', 'acknowledge']);
});

test('nothing is deleted after the workflow was told to stop', async () => {
  const environment = activityEnvironment();
  const process = processing({
    upsertResults: () => {
      environment.cancel();
      return Promise.resolve({ remaining: 0 });
    },
  });
  await expect(environment.run(process)).rejects.toBeInstanceOf(CancelledFailure);
  expect(ran).not.toContain('acknowledge');
});

test('an attempt that the server gave up deletes nothing once the next has begun', async () => {
  const finish: (() => void)[] = [];
  const upsertResults = (): Promise<{ remaining: number }> =>
    new Promise((resolve) => finish.push(() => resolve({ remaining: 0 })));
  const process = processing({ upsertResults });
  const first = inActivity(process);
  while (finish.length < 1) await new Promise(setImmediate);
  const second = inActivity(process);
  while (finish.length < 2) await new Promise(setImmediate);
  finish[0]!();
  await expect(first).rejects.toBeInstanceOf(CancelledFailure);
  expect(ran).not.toContain('acknowledge');
  finish[1]!();
  await expect(second).resolves.toMatchObject(REPORT);
});

test('where the server did not hear the answer it is given once more, and nothing runs', async () => {
  const process = processing();
  await inActivity(process);
  ran = [];
  await expect(inActivity(process)).resolves.toEqual({ ...REPORT, timings_ms: {} });
  expect(ran).toEqual([]);
});

test('a batch that was given back is gone', async () => {
  await held.store.giveBack(BATCH.batch_id);
  await expect(inActivity(processing())).rejects.toMatchObject({ type: FAILURES.batchGone });
  expect(ran).toEqual([]);
});
