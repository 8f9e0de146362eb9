import { silentLogger } from '../../../../src/platform/logging/logger.js';
import type { ClaimAnswer } from '../../../../src/pipelines/exports/contract/claim.js';
import type { Fragment } from '../../../../src/pipelines/exports/contract/fragment.js';
import type { ExportJobInput } from '../../../../src/pipelines/exports/contract/workflow-inputs.js';
import { createHeldTasks } from '../../../../src/pipelines/exports/process/held-tasks.js';
import { createRedrive } from '../../../../src/pipelines/exports/process/redriven-task.js';
import { createTasksHandler } from '../../../../src/pipelines/exports/process/tasks-handler.js';
import type { ExportState, JobState } from '../../../../src/pipelines/exports/state/job-state.js';
import { handed, taskOf } from './task-messages.js';

const WORKFLOW = 'export-task:default:x:0';
const GB = 1_000_000_000;

/** What S3 keeps of the job, as far as handlers look. */
interface Kept {
  cancelled: boolean;
  fragments: Map<number, Partial<Fragment>>;
  ended: boolean;
}

function handling({ answer = 'run', places = 2 }: { answer?: ClaimAnswer; places?: number } = {}) {
  const kept: Kept = { cancelled: false, fragments: new Map(), ended: false };
  const job = {
    isCancelled: () => Promise.resolve(kept.cancelled),
    fragments: {
      among: (ordinals: readonly number[]) =>
        Promise.resolve(new Set(ordinals.filter((ordinal) => kept.fragments.has(ordinal)))),
      read: (ordinal: number) => Promise.resolve(kept.fragments.get(ordinal)),
    },
    result: () => Promise.resolve(kept.ended ? {} : undefined),
  } as unknown as JobState;
  const state: Pick<ExportState, 'of'> = { of: () => job };
  const held = createHeldTasks();
  const claimed: number[] = [];
  const started: ExportJobInput[] = [];
  const running = { is: true };
  const handle = createTasksHandler({
    state,
    held,
    claim: ({ first_ordinal: first }) => {
      claimed.push(first);
      return Promise.resolve(answer);
    },
    isRunning: () => Promise.resolve(running.is),
    redrive: createRedrive(
      state,
      (input) => {
        started.push(input);
        return Promise.resolve('started');
      },
      silentLogger,
    ),
    places,
    log: silentLogger,
  });
  return { kept, held, claimed, started, running, handle };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
};

describe('the handler of a download task', () => {
  test('holds the message while its activity works here, and deletes it once that has settled its files', async () => {
    const { handle, held } = handling();
    const settlement = handle(handed(taskOf(0)).consumed);
    await turns();
    const task = held.take(WORKFLOW)!;
    expect(task.task.files).toHaveLength(1);
    task.finish('settled');
    expect(await settlement).toEqual({ message: 'delete', outcome: 'settled' });
    expect(held.take(WORKFLOW)).toBeUndefined();
  });

  test.each([
    ['cancelled', { message: 'delete', outcome: 'cancelled' }],
    ['yielded', { message: 'release', delaySeconds: 0, outcome: 'yielded' }],
    ['gave_up', { message: 'release', outcome: 'gave_up' }],
  ] as const)('settles the message of a task that ended as %s', async (end, expected) => {
    const { handle, held } = handling();
    const settlement = handle(handed(taskOf(0)).consumed);
    await turns();
    held.take(WORKFLOW)!.finish(end);
    expect(await settlement).toMatchObject(expected);
  });

  test.each(['settled', 'cancelled'] as const)('deletes a message whose claim says %s', async (answer) => {
    const { handle } = handling({ answer });
    expect(await handle(handed(taskOf(0)).consumed)).toEqual({ message: 'delete', outcome: answer });
  });

  test.each([
    [1, 60],
    [4, 60],
    [5, 120],
    [9, 1920],
  ])('releases a busy one for a minute, and longer once it came often (%i)', async (receives, seconds) => {
    const { handle } = handling({ answer: 'busy' });
    expect(await handle(handed(taskOf(0), receives).consumed)).toEqual({
      message: 'release',
      delaySeconds: seconds,
      outcome: 'busy',
    });
  });

  test('asks nobody about a task that this process holds already', async () => {
    const { handle, held, claimed } = handling();
    const first = handle(handed(taskOf(0)).consumed);
    await turns();
    expect(await handle(handed(taskOf(0)).consumed)).toMatchObject({ outcome: 'busy' });
    expect(claimed).toEqual([0]);
    held.take(WORKFLOW)!.finish('settled');
    await first;
  });

  test('claims nothing of a cancelled job, or of files that are settled', async () => {
    const cancelled = handling();
    cancelled.kept.cancelled = true;
    expect(await cancelled.handle(handed(taskOf(0)).consumed)).toMatchObject({ outcome: 'cancelled' });
    const settled = handling();
    settled.kept.fragments.set(0, { state: 'settled' });
    expect(await settled.handle(handed(taskOf(0)).consumed)).toEqual({
      message: 'delete',
      outcome: 'settled',
    });
    expect([...cancelled.claimed, ...settled.claimed]).toEqual([]);
  });

  test('tells the task that it should yield, and that its message is lost', async () => {
    const { handle, held } = handling();
    const { consumed, askToYield, lose } = handed(taskOf(0));
    const settlement = handle(consumed);
    await turns();
    const task = held.take(WORKFLOW)!;
    expect(task.shouldYield()).toBe(false);
    askToYield();
    expect(task.shouldYield()).toBe(true);
    lose();
    expect(task.signal.aborted).toBe(true);
    expect(await settlement).toMatchObject({ outcome: 'lost' });
  });

  test('lets go of a task whose workflow was ended by hand', async () => {
    jest.useFakeTimers();
    try {
      const { handle, running } = handling();
      const settlement = handle(handed(taskOf(0)).consumed);
      await jest.advanceTimersByTimeAsync(130_000);
      running.is = false;
      await jest.advanceTimersByTimeAsync(60_000);
      expect(await settlement).toMatchObject({ message: 'release', delaySeconds: 0 });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('places for large files', () => {
  const large = (first: number) => handed(taskOf(first, [{ size: 2 * GB }])).consumed;
  const has = async (turn: Promise<unknown>): Promise<boolean> => {
    const waits = Symbol('waits');
    return (await Promise.race([turn, turns().then(() => waits)])) !== waits;
  };

  test('one is kept from them; the next large one is claimed, and waits for its turn', async () => {
    const { handle, held, claimed } = handling({ places: 3 });
    const settlements = [0, 1, 2].map((first) => handle(large(first)));
    await turns();
    expect(claimed).toEqual([0, 1, 2]);
    const tasks = [0, 1, 2].map((first) => held.take(`export-task:default:x:${first}`)!);
    const taken = tasks.map((task) => task.turn());
    expect(await Promise.all(taken.map(has))).toEqual([true, true, false]);
    (await taken[0]!)();
    expect(await has(taken[2]!)).toBe(true);
    for (const task of tasks) task.finish('settled');
    expect(await Promise.all(settlements)).toHaveLength(3);
  });

  test('a small one waits for none', async () => {
    const { handle, held } = handling({ places: 2 });
    const settlements = [handle(large(0)), handle(handed(taskOf(1)).consumed)];
    await turns();
    const [first, second] = [0, 1].map((ordinal) => held.take(`export-task:default:x:${ordinal}`)!);
    await first!.turn();
    expect(await has(second!.turn())).toBe(true);
    for (const task of [first!, second!]) task.finish('settled');
    await Promise.all(settlements);
  });

  test('a process with one place gives it to a large file as well', async () => {
    const { handle, held } = handling({ places: 1 });
    const settlement = handle(large(0));
    await turns();
    const task = held.take(WORKFLOW)!;
    expect(await has(task.turn())).toBe(true);
    task.finish('settled');
    await settlement;
  });
});

describe('the message of a task that was a dead letter', () => {
  test('starts the next attempt of its job once that has ended', async () => {
    const { handle, kept, started } = handling();
    kept.fragments.set(0, { state: 'failed', reason: 'dead_letter', settled_at: '1970-01-01T00:00:00.000Z' });
    expect(await handle(handed(taskOf(0)).consumed)).toMatchObject({ message: 'release', delaySeconds: 120 });
    expect(started).toEqual([]);
    kept.ended = true;
    expect(await handle(handed(taskOf(0)).consumed)).toEqual({ message: 'delete', outcome: 'redriven' });
    expect(started).toEqual([
      { source: 'default', export_id: 'x', correlation_id: 'c', force: true, message_id: 'm' },
    ]);
  });

  test('deletes a copy that its job had sent before the files were given up as dead letters', async () => {
    const { handle, kept, started } = handling();
    kept.fragments.set(0, { state: 'failed', reason: 'dead_letter', settled_at: '2026-01-01T00:05:00.000Z' });
    kept.ended = true;
    expect(await handle(handed(taskOf(0)).consumed)).toEqual({ message: 'delete', outcome: 'settled' });
    expect(started).toEqual([]);
  });
});
