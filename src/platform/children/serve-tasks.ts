import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { killDescendants } from './process-tree.js';
import type { MemberReply, MemberRequest, WireError } from './protocol.js';

/** What a pool's child does: everything else about being one is here. */
export interface MemberWork<Options, Member, Parts, Task, Result> {
  start(options: Options): Promise<Member>;
  /** What the parent is told of a member that is ready. */
  partsOf(member: Member): Parts;
  run(member: Member, task: Task, dialogue: Dialogue): Promise<Result>;
  toWireError(error: unknown): WireError;
}

/** With the parent, over the task under way. */
export interface Dialogue {
  say(note: unknown): void;
  /** Told each note of the parent; one listener a task. */
  onNote(listener: (note: unknown) => void): void;
}

/**
 * Makes this process a member of its parent's pool, one task at a time. It holds nothing of value, so the parent may kill it at any
 * moment. Its first argument is the parent's process id.
 */
export function serveTasks<Options, Member, Parts, Task, Result>(
  work: MemberWork<Options, Member, Parts, Task, Result>,
): void {
  let started: Promise<Member> | undefined;
  let hear: ((note: unknown) => void) | undefined;
  let currentId: number | undefined;

  const reply = (message: MemberReply<Parts, Result>): void => {
    // A parent that left in the middle of a task hears no answer; unheard, that error would be shown to its user.
    process.send?.(message, undefined, undefined, () => undefined);
  };
  const start = async (options: Options): Promise<void> => {
    started = work.start(options);
    try {
      reply({ kind: 'ready', parts: work.partsOf(await started) });
    } catch (error) {
      reply({ kind: 'not_ready', error: work.toWireError(error) });
    }
  };
  const run = async (id: number, task: Task): Promise<void> => {
    currentId = id;
    const dialogue: Dialogue = {
      say: (note) => reply({ kind: 'note', id, note }),
      onNote: (listener) => (hear = listener),
    };
    try {
      if (!started) throw new Error('A task came before the options');
      const result = await work.run(await started, task, dialogue);
      reply({ kind: 'done', id, result, rssBytes: process.memoryUsage.rss() });
    } catch (error) {
      reply({ kind: 'failed', id, error: work.toWireError(error), rssBytes: process.memoryUsage.rss() });
    }
    hear = undefined;
    // node-av frees native memory in finalizers, which run between turns of the event loop only: without one between
    // tasks a busy member was measured to grow to 1.3 GB.
    await nextTurn();
  };

  const watchdog = new Worker(join(__dirname, 'orphan-watchdog.js'), {
    workerData: Number(process.argv[2]),
    // It holds a number and a timer.
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4 },
  });
  watchdog.unref();

  // The parent decides when a member ends; Ctrl-C and a container's SIGTERM reach the whole process group.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  // A member has nothing to save, and native libraries may hang in what they do at an orderly exit, which ends the watchdog first.
  process.on('disconnect', () => {
    killDescendants();
    process.kill(process.pid, 'SIGKILL');
  });
  // What works for it would not notice that it is gone.
  process.on('exit', killDescendants);
  process.on('message', (message) => {
    const request = message as MemberRequest<Options, Task>;
    if (request.kind === 'start') void start(request.options);
    else if (request.kind === 'task') void run(request.id, request.task);
    else if (request.id === currentId) hear?.(request.note);
  });
}
