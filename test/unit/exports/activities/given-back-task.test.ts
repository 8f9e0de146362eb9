import { ActivityCancellationDetails } from '@temporalio/common';
import type { FileWork } from '../../../../src/activities/exports/download-task.js';
import { UploadYielded } from '../../../../src/pipelines/exports/errors.js';
import type { HeldTask } from '../../../../src/pipelines/exports/process/held-task.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';
import { taskInHand } from './task-in-hand.js';

describe('a download task that waits for its turn', () => {
  /** A turn that comes when the test says so. */
  const waiting = (): { turn: HeldTask['turn']; comes: () => void; ended: () => number } => {
    let comes: (end: () => void) => void = () => undefined;
    let ended = 0;
    const turn = new Promise<() => void>((resolve) => (comes = resolve));
    return { turn: () => turn, comes: () => comes(() => void (ended += 1)), ended: () => ended };
  };

  test('works once it has it, and gives the place to the next one', async () => {
    const { turn, comes, ended } = waiting();
    const { run, fragments } = taskInHand({ turn });
    const running = run();
    await new Promise(setImmediate);
    expect(fragments.size).toBe(0);
    comes();
    expect(await running).toEqual({ outcome: 'settled' });
    expect(ended()).toBe(1);
  });

  test('is given back at once when it should stop, and its turn when that comes', async () => {
    const { turn, comes, ended } = waiting();
    const { run, ends, yielding } = taskInHand({ turn });
    const running = run();
    await new Promise(setImmediate);
    yielding.abort();
    expect(await running).toEqual({ outcome: 'yielded' });
    expect(ends).toEqual(['yielded']);
    comes();
    await new Promise(setImmediate);
    expect(ended()).toBe(1);
  });

  test('ends when its job is cancelled', async () => {
    const { run, ends } = taskInHand({ turn: waiting().turn });
    const environment = activityEnvironment({ scheduledTimestampMs: 0 });
    const running = run(environment);
    await new Promise(setImmediate);
    environment.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    await expect(running).rejects.toThrow('downloadTask was cancelled');
    expect(ends).toEqual(['cancelled']);
  });
});

describe('a file whose task is given back for its age', () => {
  const yielding =
    (bytes: number): FileWork['settleFile'] =>
    (_job, _file, { onProgress }) => {
      if (bytes > 0) onProgress(bytes);
      return Promise.reject(new UploadYielded('at a part'));
    };

  test('is too slow when it gained no part between two times', async () => {
    const { run, fragments, clock } = taskInHand({ files: 1, settleFile: yielding(0) });
    clock.now = 20_000;
    expect(await run()).toEqual({ outcome: 'yielded' });
    expect(fragments.size).toBe(0);
    expect(await run()).toEqual({ outcome: 'settled' });
    expect(fragments.get(0)).toMatchObject({ state: 'failed', reason: 'too_slow' });
  });

  test('goes on as long as it gains something', async () => {
    const { run, clock } = taskInHand({ files: 1, settleFile: yielding(1) });
    clock.now = 20_000;
    for (let again = 0; again < 3; again++) expect(await run()).toEqual({ outcome: 'yielded' });
  });

  test('is not slow when its process was only told to stop', async () => {
    const { run } = taskInHand({ files: 1, settleFile: yielding(0) });
    for (let again = 0; again < 3; again++) expect(await run()).toEqual({ outcome: 'yielded' });
  });
});
