import { ActivityCancellationDetails } from '@temporalio/common';
import type { FileWork } from '../../../../src/activities/exports/download-task.js';
import { failedFragment } from '../../../../src/pipelines/exports/state/failed-fragment.js';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';
import { JOB, taskInHand } from './task-in-hand.js';

describe('a download task', () => {
  test('settles its files, wakes the job, and lets its message go', async () => {
    const { run, ends, woken, fragments } = taskInHand();
    expect(await run()).toEqual({ outcome: 'settled' });
    expect([...fragments.keys()]).toEqual([0, 1, 2]);
    expect(woken).toEqual([1, 1, 1]);
    expect(ends).toEqual(['settled']);
  });

  test('says in the log which job each file is of, and never its name', async () => {
    const { run, log } = taskInHand();
    await run();
    expect(log.of('export_file_settled')).toHaveLength(3);
    expect(log.of('export_file_settled')[0]).toMatchObject({ ...JOB, correlation_id: 'c-1', ordinal: 0 });
    expect(log.text.join('')).not.toContain('a.zip');
  });

  test('leaves alone what is settled', async () => {
    const seen: number[] = [];
    const settleFile: FileWork['settleFile'] = (_job, of) => {
      seen.push(of.ordinal);
      return Promise.resolve({ fragment: failedFragment(of, 'gone', ''), rows: [] });
    };
    await taskInHand({ settled: [0, 2], settleFile }).run();
    expect(seen).toEqual([1]);
  });

  test('takes a file for what was said of it later, where it is not what was listed', async () => {
    const sizes: unknown[] = [];
    const settleFile: FileWork['settleFile'] = (_job, of) => {
      sizes.push([of.ordinal, of.size]);
      const fragment = failedFragment(of, of.size === 1 ? 'listing_size' : 'gone', '');
      return Promise.resolve({ fragment, rows: [] });
    };
    const { run, fragments } = taskInHand({ files: 2, settleFile });
    expect(await run()).toEqual({ outcome: 'settled' });
    expect(sizes).toEqual(
      expect.arrayContaining([
        [0, 1],
        [1, 1],
        [1, 2],
      ]),
    );
    expect([...fragments.values()].map(({ reason }) => reason).sort()).toEqual(['gone', 'listing_size']);
  });

  test('whose message this process does not hold says so, once and for all', async () => {
    await expect(taskInHand({ held: false }).run()).rejects.toMatchObject({
      type: 'NotHeld',
      nonRetryable: true,
    });
  });

  test('of a cancelled job does nothing', async () => {
    const { run, ends, fragments } = taskInHand({ cancelled: true });
    expect(await run()).toEqual({ outcome: 'cancelled' });
    expect([ends, fragments.size]).toEqual([['cancelled'], 0]);
  });

  test('that should stop is given back, with the files that it has settled', async () => {
    let asked = 0;
    const { run, ends, fragments } = taskInHand({ yields: () => ++asked > 2 });
    expect(await run()).toEqual({ outcome: 'yielded' });
    expect(ends).toEqual(['yielded']);
    expect([...fragments.keys()]).toEqual([0, 1]);
  });

  test('that names a file which nobody listed is left for people', async () => {
    const { run, ends } = taskInHand({ files: 4 });
    expect(await run()).toEqual({ outcome: 'gave_up' });
    expect(ends).toEqual(['gave_up']);
  });

  test('keeps its message while a dependency is away, and gives up after two hours', async () => {
    const settleFile = () => Promise.reject(new DependencyUnavailable('DynamoDB does not answer'));
    const { run, ends, clock } = taskInHand({ settleFile });
    await expect(run()).rejects.toThrow('DynamoDB does not answer');
    clock.now = 2 * 3_600_000 - 1;
    await expect(run()).rejects.toThrow('DynamoDB does not answer');
    expect(ends).toEqual([]);
    clock.now += 1;
    expect(await run()).toEqual({ outcome: 'gave_up' });
    expect(ends).toEqual(['gave_up']);
  });

  test('settles the others when something is in the way of one file', async () => {
    const settleFile: FileWork['settleFile'] = (_job, of) =>
      of.ordinal === 0
        ? Promise.reject(new DependencyUnavailable('away'))
        : Promise.resolve({ fragment: failedFragment(of, 'gone', ''), rows: [] });
    const { run, fragments } = taskInHand({ settleFile });
    await expect(run()).rejects.toThrow('away');
    expect([...fragments.keys()]).toEqual([1, 2]);
  });

  test('that fails for good gives its message back before it does', async () => {
    const { run, ends } = taskInHand({
      settleFile: () => Promise.reject(new InvalidInput('no such source')),
    });
    await expect(run()).rejects.toThrow('no such source');
    expect(ends).toEqual(['gave_up']);
  });

  test.each([
    [{ cancelRequested: true }, 'cancelled'],
    [{ workerShutdown: true }, 'yielded'],
    [{ timedOut: true }, 'yielded'],
  ])('that is told %j ends as %s', async (details, end) => {
    const settleFile: FileWork['settleFile'] = (_job, _file, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const { run, ends } = taskInHand({ settleFile });
    const environment = activityEnvironment({ scheduledTimestampMs: 0 });
    const running = run(environment);
    await new Promise(setImmediate);
    environment.cancel('CANCELLED', new ActivityCancellationDetails(details));
    await expect(running).rejects.toThrow('downloadTask was cancelled');
    expect(ends).toEqual([end]);
  });

  test('whose lease is lost is given back', async () => {
    const settleFile: FileWork['settleFile'] = (_job, _file, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const { run, ends, lease } = taskInHand({ settleFile });
    const running = run();
    await new Promise(setImmediate);
    lease.abort();
    expect(await running).toEqual({ outcome: 'yielded' });
    expect(ends).toEqual(['yielded']);
  });
});
