import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { memberEnvironment } from '../config/member-environment.js';
import type { VachanError } from '../errors.js';
import { DependencyUnavailable } from '../errors.js';
import { killTree, treeRssBytes } from './process-tree.js';
import type { MemberReply, MemberRequest, WireError } from './protocol.js';

/** How a task ended in a member. `lost` means that the process died or was killed over it. */
export type TaskEnd<Result> =
  | { kind: 'done'; result: Result }
  | { kind: 'failed'; error: VachanError }
  | { kind: 'lost'; reason: string; outOfMemory?: boolean };

export interface MemberProcess<Task, Result, Parts> {
  readonly pid: number | undefined;
  /** Resolves when the member has what it works with; rejects when it cannot have it. */
  readonly ready: Promise<Parts>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** Runs one task, never two at a time; the process is killed when nothing is heard of it for `timeoutMs`. */
  run(task: Task, timeoutMs: number, onNote?: NoteListener): Promise<TaskEnd<Result>>;
  /** Resident memory after the last task. */
  rssBytes(): number;
  kill(): void;
}

/** Hears what a member says of its task. @returns what it is answered, if anything; meanwhile its time does not run */
export type NoteListener = (note: unknown) => Promise<unknown> | undefined;

/**
 * V8's helper threads mark and sweep a heap of 11 MB over and over, since buffers outside it come and go with each clip, and take the core
 * from the other members: 20 of 82 ms of processor time a clip went there. On the member's own thread it is a few.
 */
const MEMBER_FLAGS = ['--single-threaded-gc', '--expose-gc'];

/** Decoders were seen to take 1 GB within a second: often enough to stop them short of twice the limit. */
const MEMORY_LOOK_EVERY_MS = 100;

export interface MemberKind<Options> {
  /** For messages, e.g. "Audio pool". */
  pool: string;
  /** The compiled file, also when the parent runs from sources. */
  entry: string;
  options: Options;
  startTimeoutMs: number;
  /** Of the member and what it starts; beyond it the process is killed, and with it the task that it runs. */
  memoryBytes: number;
  /** Besides what every member gets. */
  environment?: NodeJS.ProcessEnv;
  /** Of Node, besides those of every member. */
  flags?: readonly string[];
  fromWireError: (error: WireError) => VachanError;
}

export function startMember<Task, Result, Parts, Options>({
  pool,
  entry,
  options,
  startTimeoutMs,
  memoryBytes,
  environment,
  flags = [],
  fromWireError,
}: MemberKind<Options>): MemberProcess<Task, Result, Parts> {
  type Reply = MemberReply<Parts, Result>;
  // By this number the member knows its parent, also when that dies before it has looked.
  const child = fork(entry, [String(process.pid)], {
    // Keeps typed arrays as they are.
    serialization: 'advanced',
    // Neither the inspector's port nor a test runner's flags are for members.
    execArgv: [...MEMBER_FLAGS, ...flags],
    env: { ...memberEnvironment(), ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const send = (request: MemberRequest<Options, Task>): void => {
    // A message to a process that is dying is lost; its exit is what tells.
    child.send(request, () => undefined);
  };
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killTree(child.pid);
  };
  let rssBytes = 0;
  let nextId = 1;
  let current: { id: number; end(end: TaskEnd<Result>): void; hear(note: unknown): void } | undefined;
  const gone = new Promise<void>((resolve) => {
    const leave = (reason: string): void => {
      current?.end({ kind: 'lost', reason });
      resolve();
    };
    child.once('exit', (code, signal) =>
      leave(signal ? `killed by ${signal}` : `exited with ${code ?? '?'}`),
    );
    child.once('error', (error) => leave(error.message));
  });
  const ready = whenReady<Parts>(child, { kill, gone, startTimeoutMs, pool, fromWireError });
  // The pool awaits it; a member that is killed meanwhile is nobody's unhandled rejection.
  ready.catch(() => undefined);

  child.on('message', (message) => {
    const answer = message as Reply;
    if (answer.kind === 'ready' || answer.kind === 'not_ready') return;
    if (answer.kind !== 'note') rssBytes = answer.rssBytes;
    if (answer.id !== current?.id) return;
    if (answer.kind === 'note') current.hear(answer.note);
    else if (answer.kind === 'done') current.end({ kind: 'done', result: answer.result });
    else current.end({ kind: 'failed', error: fromWireError(answer.error) });
  });
  send({ kind: 'start', options });

  return {
    pid: child.pid,
    ready,
    gone,
    rssBytes: () => rssBytes,
    kill,
    run: (task, timeoutMs, onNote) =>
      new Promise((resolve) => {
        const id = nextId++;
        let killedFor: Omit<Extract<TaskEnd<Result>, { kind: 'lost' }>, 'kind'> | undefined;
        const silent = (): void => {
          killedFor = { reason: `no answer within ${timeoutMs / 1_000} s` };
          kill();
        };
        const clock = silenceClock(timeoutMs, silent);
        const memoryLook = setInterval(() => {
          if ((treeRssBytes(child.pid ?? 0) ?? 0) <= memoryBytes) return;
          killedFor = { reason: `more than ${Math.round(memoryBytes / 1024 ** 2)} MB`, outOfMemory: true };
          kill();
        }, MEMORY_LOOK_EVERY_MS);
        current = {
          id,
          hear: (note) => {
            clock.heard();
            const answer = onNote?.(note);
            if (answer === undefined) return;
            void clock.paused(answer).then((reply) => {
              if (current?.id === id) send({ kind: 'note', id, note: reply });
            });
          },
          end: (end) => {
            clock.stop();
            clearInterval(memoryLook);
            current = undefined;
            resolve(killedFor ? { kind: 'lost', ...killedFor } : end);
          },
        };
        if (child.exitCode !== null || child.signalCode !== null)
          current.end({ kind: 'lost', reason: 'gone' });
        else send({ kind: 'task', id, task });
      }),
  };
}

/** Calls `over` when nothing was heard for a time. */
function silenceClock(
  timeoutMs: number,
  over: () => void,
): { heard(): void; paused<T>(work: Promise<T>): Promise<T>; stop(): void } {
  let pauses = 0;
  let stopped = false;
  let timer = setTimeout(over, timeoutMs);
  const heard = (): void => {
    clearTimeout(timer);
    if (pauses === 0 && !stopped) timer = setTimeout(over, timeoutMs);
  };
  return {
    heard,
    paused: (work) => {
      pauses++;
      clearTimeout(timer);
      return work.finally(() => {
        pauses--;
        heard();
      });
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function whenReady<Parts>(
  child: ChildProcess,
  {
    kill,
    gone,
    startTimeoutMs,
    pool,
    fromWireError,
  }: { kill: () => void; gone: Promise<void> } & Pick<
    MemberKind<unknown>,
    'startTimeoutMs' | 'pool' | 'fromWireError'
  >,
): Promise<Parts> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      reject(new DependencyUnavailable(`${pool} member was not ready within ${startTimeoutMs / 1_000} s`));
    }, startTimeoutMs);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    void gone.then(() =>
      settle(() => reject(new DependencyUnavailable(`${pool} member ended before it was ready`))),
    );
    child.on('message', (message) => {
      const answer = message as MemberReply<Parts, unknown>;
      if (answer.kind === 'ready') settle(() => resolve(answer.parts));
      if (answer.kind === 'not_ready') settle(() => reject(fromWireError(answer.error)));
    });
  });
}
