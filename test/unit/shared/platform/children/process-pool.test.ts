import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  MemberProcess,
  NoteListener,
  TaskEnd,
} from '../../../../../src/platform/children/member-process.js';
import { ProcessPool, type ProcessPoolOptions } from '../../../../../src/platform/children/process-pool.js';
import { until } from '../../../../until.js';

type Task = string;
type Result = string[];
type Parts = { decoder: string };

const DONE: TaskEnd<Result> = { kind: 'done', result: [] };

/** A member without a process: the test decides how its tasks end and when it dies. */
class FakeMember implements MemberProcess<Task, Result, Parts> {
  static nextPid = 1;
  readonly pid = FakeMember.nextPid++;
  readonly ran: Task[] = [];
  readonly ready: Promise<Parts>;
  readonly gone: Promise<void>;
  memory = 0;
  killed = false;
  onNote: NoteListener | undefined;
  #die: () => void = () => undefined;
  #end: ((end: TaskEnd<Result>) => void) | undefined;

  constructor(startError?: Error) {
    this.gone = new Promise((resolve) => (this.#die = resolve));
    this.ready = startError ? Promise.reject(startError) : Promise.resolve({ decoder: 'fake' });
    this.ready.catch(() => undefined);
  }

  run(task: Task, _timeoutMs: number, onNote?: NoteListener): Promise<TaskEnd<Result>> {
    this.ran.push(task);
    this.onNote = onNote;
    return new Promise((resolve) => (this.#end = resolve));
  }

  async finish(end: TaskEnd<Result> = DONE): Promise<void> {
    this.#end?.(end);
    await nextTurn();
  }

  rssBytes(): number {
    return this.memory;
  }

  kill(): void {
    this.killed = true;
    this.#end?.({ kind: 'lost', reason: 'killed by SIGKILL' });
    this.#die();
  }
}

async function poolOf(size: number, options: Partial<ProcessPoolOptions<Task, Result, Parts>> = {}) {
  const members: FakeMember[] = [];
  const lost: string[] = [];
  const pool = new ProcessPool({
    name: 'Toy pool',
    size,
    startMember: () => {
      const member = new FakeMember();
      members.push(member);
      return member;
    },
    recycleAfterTasks: 100,
    recycleAboveRssBytes: 1_000,
    onMemberLost: (reason) => lost.push(reason),
    ...options,
  });
  await pool.start();
  return { pool, members, lost };
}

test('a member has one task at a time, and urgent tasks overtake those that wait', async () => {
  const { pool, members } = await poolOf(1);
  const ends = [
    pool.run('first', 1_000),
    pool.run('second', 1_000),
    pool.run('urgent', 1_000, { urgent: true }),
  ];
  for (let i = 0; i < 3; i++) await members[0]!.finish();
  await expect(Promise.all(ends)).resolves.toEqual([DONE, DONE, DONE]);
  expect(members[0]!.ran).toEqual(['first', 'urgent', 'second']);
});

test('a member is replaced after its share of tasks, and nobody is told', async () => {
  const { pool, members, lost } = await poolOf(1, { recycleAfterTasks: 2 });
  const ends = ['a', 'b', 'c'].map((path) => pool.run(path, 1_000));
  await members[0]!.finish();
  expect(members[0]!.killed).toBe(false);
  await members[0]!.finish();
  expect(members[0]!.killed).toBe(true);
  await members[1]!.finish();
  await expect(Promise.all(ends)).resolves.toEqual([DONE, DONE, DONE]);
  expect(lost).toEqual([]);
});

test('a member that holds too much memory after a task is replaced', async () => {
  const { pool, members } = await poolOf(1);
  const end = pool.run('a', 1_000);
  members[0]!.memory = 1_001;
  await members[0]!.finish();
  await expect(end).resolves.toEqual(DONE);
  expect(members[0]!.killed).toBe(true);
  expect(members).toHaveLength(2);
});

test('a member that dies idle is replaced before it gets a task', async () => {
  const { pool, members, lost } = await poolOf(1);
  members[0]!.kill();
  await nextTurn();
  const end = pool.run('a', 1_000);
  await members[1]!.finish();
  await expect(end).resolves.toEqual(DONE);
  expect(members[0]!.ran).toEqual([]);
  expect(lost).toEqual(['ended while idle']);
});

test('a task whose member dies ends as lost, and the next goes to another', async () => {
  const { pool, members, lost } = await poolOf(1);
  const victim = pool.run('a', 1_000);
  const next = pool.run('b', 1_000);
  members[0]!.kill();
  await expect(victim).resolves.toEqual({ kind: 'lost', reason: 'killed by SIGKILL' });
  await nextTurn();
  await members[1]!.finish();
  await expect(next).resolves.toEqual(DONE);
  expect(lost).toEqual(['killed by SIGKILL']);
});

test('when no member can be started again, waiting tasks are told why and later ones are served', async () => {
  const members: FakeMember[] = [];
  const outcomes = [undefined, new Error('no memory left'), undefined];
  const { pool } = await poolOf(1, {
    startMember: () => {
      const member = new FakeMember(outcomes[members.length]);
      members.push(member);
      return member;
    },
  });
  const victim = pool.run('a', 1_000);
  const waiting = pool.run('b', 1_000);
  members[0]!.kill();
  await victim;
  await expect(waiting).rejects.toThrow('no memory left');
  expect(members[1]!.killed).toBe(true);

  const later = pool.run('c', 1_000);
  await until(() => (members[2]?.ran.length ?? 0) > 0, 0);
  await members[2]!.finish();
  await expect(later).resolves.toEqual(DONE);
  await pool.close();
});

test('a pool that cannot start says why and leaves nobody running', async () => {
  const members: FakeMember[] = [];
  const start = poolOf(2, {
    startMember: () => {
      const member = new FakeMember(members.length === 0 ? undefined : new Error('The model is altered'));
      members.push(member);
      return member;
    },
  });
  await expect(start).rejects.toThrow('The model is altered');
  expect(members[0]!.killed).toBe(true);
});

test('a task that aborts while it waits is never run', async () => {
  const { pool, members } = await poolOf(1);
  const abort = new AbortController();
  const running = pool.run('a', 1_000);
  const waiting = pool.run('b', 1_000, { signal: abort.signal });
  abort.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  await members[0]!.finish();
  await expect(running).resolves.toEqual(DONE);
  expect(members[0]!.ran).toEqual(['a']);
});

test('closing kills the members without calling them lost, and refuses what waits', async () => {
  const { pool, members, lost } = await poolOf(2);
  const running = [pool.run('a', 1_000), pool.run('b', 1_000)];
  const waiting = pool.run('c', 1_000);
  const refused = expect(waiting).rejects.toThrow('closed');
  await pool.close();
  await refused;
  await expect(Promise.all(running)).resolves.toEqual([
    { kind: 'lost', reason: 'killed by SIGKILL' },
    { kind: 'lost', reason: 'killed by SIGKILL' },
  ]);
  expect(members.every(({ killed }) => killed)).toBe(true);
  expect(lost).toEqual([]);
});

test('a task that is to end with its signal takes its member along, and nobody is told', async () => {
  const { pool, members, lost } = await poolOf(1);
  const stop = new AbortController();
  const end = pool.run('long', 1_000, { signal: stop.signal, endOnAbort: true });
  stop.abort(new Error('enough'));
  await expect(end).rejects.toThrow('enough');
  await nextTurn();
  expect(members[0]!.killed).toBe(true);
  expect(members).toHaveLength(2);
  expect(lost).toEqual([]);
});

test('what a member says of its task reaches whoever asked for the task', async () => {
  const { pool, members } = await poolOf(1);
  const heard: unknown[] = [];
  const end = pool.run('talkative', 1_000, {
    onNote: (note) => {
      heard.push(note);
      return undefined;
    },
  });
  void members[0]!.onNote?.('half');
  await members[0]!.finish();
  await end;
  expect(heard).toEqual(['half']);
});
