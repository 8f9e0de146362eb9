import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityAttempt } from '../../../../src/activities/shared/activity-boundary.js';
import type { BatchIdentity, StageReport } from '../../../../src/activities/shared/activity-types.js';
import { joinStages, type JoinedStage } from '../../../../src/activities/shared/joined-stages.js';
import { BATCH, holdBatch, type HeldBatch } from './held-batch.js';

let held: HeldBatch<ReturnType<typeof delivery>>;
let ran: string[];
const delivery = (arrived: object): never => ({ ...arrived, reached: undefined }) as never;
beforeEach(() => {
  held = holdBatch(2, delivery);
  ran = [];
});
afterEach(() => {
  held.dispose();
  jest.useRealTimers();
});

function stage(name: string, run: () => Promise<StageReport> = () => left(2)): JoinedStage {
  const noted = (_batch: BatchIdentity): Promise<StageReport> => {
    ran.push(name);
    return run();
  };
  return { name, activity: `${name}Parcels`, run: noted, mostMinutes: 15 };
}

const left = (remaining: number): Promise<StageReport> => Promise.resolve({ remaining });

test('stages run in order, and each has its time in the report', async () => {
  const report = await joinStages(held.store, [stage('open'), stage('carry', () => left(1))])(BATCH);
  expect(ran).toEqual(['open', 'carry']);
  expect(report.remaining).toBe(1);
  expect(Object.keys(report.timings_ms)).toEqual(['open', 'carry']);
});

test('what follows is left out when nothing is left to do', async () => {
  const stages = [stage('open', () => left(0)), stage('carry')];
  await expect(joinStages(held.store, stages)(BATCH)).resolves.toMatchObject({ remaining: 0 });
  expect(ran).toEqual(['open']);
});

test('another attempt goes on with the stage that failed', async () => {
  let isDown = true;
  const carry = (): Promise<StageReport> => (isDown ? Promise.reject(new Error('down')) : left(1));
  const run = joinStages(held.store, [stage('open'), stage('carry', carry)]);
  await expect(run(BATCH)).rejects.toThrow('down');
  isDown = false;
  const { timings_ms } = await run(BATCH);
  expect(ran).toEqual(['open', 'carry', 'carry']);
  expect(Object.keys(timings_ms)).toEqual(['open', 'carry']);
});

test('an attempt that was given up begins no further stage beside the next one', async () => {
  let pass: (report: StageReport) => void = () => undefined;
  let isFirst = true;
  const open = (): Promise<StageReport> => {
    if (!isFirst) return left(2);
    isFirst = false;
    return new Promise((resolve) => (pass = resolve));
  };
  const run = joinStages(held.store, [stage('open', open), stage('carry')]);
  const givenUp = run(BATCH);
  await run(BATCH);
  pass({ remaining: 2 });
  await expect(givenUp).rejects.toThrow(CancelledFailure);
  expect(ran).toEqual(['open', 'open', 'carry']);
});

test('a stage that hangs ends the attempt for good, and what it is at', async () => {
  jest.useFakeTimers();
  held.batch.attempt = new AbortController();
  const run = joinStages(held.store, [stage('open', () => new Promise(() => undefined))]);
  const failure = run(BATCH).catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(15 * 60_000);
  expect(await failure).toMatchObject({ type: 'StageHung', nonRetryable: true });
  expect(await failure).toBeInstanceOf(ApplicationFailure);
  expect(held.batch.attempt.signal.aborted).toBe(true);
});

test('metrics hear of each stage by the name of its own activity', async () => {
  const ended: ActivityAttempt[] = [];
  const failing = stage('carry', () => Promise.reject(new Error('down')));
  const run = joinStages(held.store, [stage('open'), failing], (one) => ended.push(one));
  await expect(run(BATCH)).rejects.toThrow('down');
  expect(ended.map(({ activity, failed }) => [activity, failed])).toEqual([
    ['openParcels', false],
    ['carryParcels', true],
  ]);
});

test('a batch that is not held (any more) is BatchGone', async () => {
  await held.store.giveBack(BATCH.batch_id);
  await expect(joinStages(held.store, [stage('open')])(BATCH)).rejects.toMatchObject({ type: 'BatchGone' });
});
