import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { memberEnvironment } from '../../../../platform/config/member-environment.js';
import type { VachanError } from '../../../../platform/errors.js';
import { DependencyUnavailable } from '../../../../platform/errors.js';
import type {
  MemberOptions,
  MemberParts,
  MemberReply,
  MemberRequest,
  MemberTask,
  TaskResult,
} from './protocol.js';
import { killTree, treeRssBytes } from './process-tree.js';
import { fromWireError } from './wire-error.js';

/** How a task ended in a member. `lost` means that the process died or was killed over it. */
export type TaskEnd =
  | { kind: 'done'; result: TaskResult }
  | { kind: 'failed'; error: VachanError }
  | { kind: 'lost'; reason: string; outOfMemory?: boolean };

export interface MemberProcess {
  readonly pid: number | undefined;
  /** Resolves when the member has its decoder and model; rejects when it cannot have them. */
  readonly ready: Promise<MemberParts>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** Runs one task, never two at a time; the process is killed when it takes longer than `timeoutMs`. */
  run(task: MemberTask, timeoutMs: number): Promise<TaskEnd>;
  /** Resident memory after the last task. */
  rssBytes(): number;
  kill(): void;
}

/**
 * V8's helper threads mark and sweep a heap of 11 MB over and over, since buffers outside it come and go with each clip, and take the core
 * from the other members: 20 of 82 ms of processor time a clip went there. On the member's own thread it is a few.
 */
const MEMBER_FLAGS = ['--single-threaded-gc', '--expose-gc'];

/** Decoders were seen to take 1 GB within a second: often enough to stop them short of twice the limit. */
const MEMORY_LOOK_EVERY_MS = 100;

export interface MemberBounds {
  startTimeoutMs: number;
  /** Of the member and what it starts; beyond it the process is killed, and with it the task that it runs. */
  memoryBytes: number;
}

/** Starts a member. `entry` is the compiled file, also when the parent runs from sources. */
export function startMember(
  entry: string,
  options: MemberOptions,
  { startTimeoutMs, memoryBytes }: MemberBounds,
): MemberProcess {
  // By this number the member knows its parent, also when that dies before it has looked.
  const child = fork(entry, [String(process.pid)], {
    // Keeps typed arrays as they are.
    serialization: 'advanced',
    // Neither the inspector's port nor a test runner's flags are for members.
    execArgv: MEMBER_FLAGS,
    env: memberEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killTree(child.pid);
  };
  let rssBytes = 0;
  let nextId = 1;
  let current: { id: number; end(end: TaskEnd): void } | undefined;
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
  const ready = whenReady(child, kill, gone, startTimeoutMs);
  // The pool awaits it; a member that is killed meanwhile is nobody's unhandled rejection.
  ready.catch(() => undefined);

  child.on('message', (message) => {
    const answer = message as MemberReply;
    if (answer.kind !== 'done' && answer.kind !== 'failed') return;
    rssBytes = answer.rssBytes;
    if (answer.id !== current?.id) return;
    if (answer.kind === 'done') current.end({ kind: 'done', result: answer.result });
    else current.end({ kind: 'failed', error: fromWireError(answer.error) });
  });
  send(child, { kind: 'start', options });

  return {
    pid: child.pid,
    ready,
    gone,
    rssBytes: () => rssBytes,
    kill,
    run: (task, timeoutMs) =>
      new Promise((resolve) => {
        const id = nextId++;
        let killedFor: Omit<Extract<TaskEnd, { kind: 'lost' }>, 'kind'> | undefined;
        const timer = setTimeout(() => {
          killedFor = { reason: `no answer within ${timeoutMs / 1_000} s` };
          kill();
        }, timeoutMs);
        const memoryLook = setInterval(() => {
          if ((treeRssBytes(child.pid ?? 0) ?? 0) <= memoryBytes) return;
          killedFor = { reason: `more than ${Math.round(memoryBytes / 1024 ** 2)} MB`, outOfMemory: true };
          kill();
        }, MEMORY_LOOK_EVERY_MS);
        current = {
          id,
          end: (end) => {
            clearTimeout(timer);
            clearInterval(memoryLook);
            current = undefined;
            resolve(killedFor ? { kind: 'lost', ...killedFor } : end);
          },
        };
        if (child.exitCode !== null || child.signalCode !== null)
          current.end({ kind: 'lost', reason: 'gone' });
        else send(child, { kind: 'task', id, task });
      }),
  };
}

/** A message to a process that is dying is lost; its exit is what tells. */
function send(child: ChildProcess, request: MemberRequest): void {
  child.send(request, () => undefined);
}

function whenReady(
  child: ChildProcess,
  kill: () => void,
  gone: Promise<void>,
  timeoutMs: number,
): Promise<MemberParts> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      reject(new DependencyUnavailable(`Audio pool member was not ready within ${timeoutMs / 1_000} s`));
    }, timeoutMs);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    void gone.then(() =>
      settle(() => reject(new DependencyUnavailable('Audio pool member ended before it was ready'))),
    );
    child.on('message', (message) => {
      const answer = message as MemberReply;
      if (answer.kind === 'ready') settle(() => resolve(answer));
      if (answer.kind === 'not_ready') settle(() => reject(fromWireError(answer.error)));
    });
  });
}
