import { DependencyUnavailable } from '../errors.js';
import type { MemberProcess, NoteListener, TaskEnd } from './member-process.js';

export interface ProcessPoolOptions<Task, Result, Parts> {
  /** For messages, e.g. "Audio pool". */
  name: string;
  size: number;
  startMember(): MemberProcess<Task, Result, Parts>;
  /** Tasks after which a member is replaced, against slow leaks in native code. */
  recycleAfterTasks: number;
  /** A member whose memory exceeds this after a task is replaced. */
  recycleAboveRssBytes: number;
  /** Told when a member had to be replaced, for logs; not for ordinary recycling. */
  onMemberLost?: (reason: string) => void;
}

export interface RunOptions {
  /** Goes before the others. */
  urgent?: boolean;
  signal?: AbortSignal | undefined;
  /** Ends the member when the signal aborts, for tasks that take longer than starting a new process. */
  endOnAbort?: boolean;
  onNote?: NoteListener;
}

interface QueuedTask<Task, Result> {
  task: Task;
  timeoutMs: number;
  onNote: NoteListener | undefined;
  /** Ends the member that is at it. */
  end?: () => void;
  resolve: (end: TaskEnd<Result>) => void;
  reject: (error: Error) => void;
}

/** Waits before another start after a member that could not start, doubling up to the second. */
const FIRST_RESTART_DELAY_MS = 250;
const LONGEST_RESTART_DELAY_MS = 30_000;

/**
 * Child processes, one task each at a time. A process that dies costs the task it had; the pool starts another.
 * Invariant: a member is in `idle`, or runs one task, or is starting; a lost one is in none.
 */
export class ProcessPool<Task, Result, Parts> {
  readonly #options: ProcessPoolOptions<Task, Result, Parts>;
  readonly #members = new Set<MemberProcess<Task, Result, Parts>>();
  readonly #idle: MemberProcess<Task, Result, Parts>[] = [];
  readonly #queue: QueuedTask<Task, Result>[] = [];
  readonly #tasksDone = new Map<MemberProcess<Task, Result, Parts>, number>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #failedStarts = 0;
  #busy = 0;
  #closed = false;

  constructor(options: ProcessPoolOptions<Task, Result, Parts>) {
    this.#options = options;
  }

  /**
   * Starts all members; resolves when each is ready.
   *
   * @throws what the first member that cannot start says; the others are killed
   */
  async start(): Promise<Parts> {
    const members = Array.from({ length: this.#options.size }, () => this.#spawn());
    try {
      const [first] = await Promise.all(members.map((member) => member.ready));
      for (const member of members) this.#becomeIdle(member);
      return first!;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Process ids, for tests and diagnostics. */
  get pids(): number[] {
    return [...this.#members].flatMap(({ pid }) => pid ?? []);
  }

  /** What the pool does at this moment, for metrics. */
  get use(): { size: number; busy: number; queued: number; rssBytes: number } {
    let rssBytes = 0;
    for (const member of this.#members) rssBytes += member.rssBytes();
    return { size: this.#members.size, busy: this.#busy, queued: this.#queue.length, rssBytes };
  }

  /**
   * Runs a task when a member is free; `urgent` ones go before the others. The timeout counts from the task's start.
   * When `signal` aborts, the promise rejects at once; a task that runs already is left to end or time out by itself,
   * since it takes less time than starting a new process, or `endOnAbort` ends its member.
   */
  run(task: Task, timeoutMs: number, options: RunOptions = {}): Promise<TaskEnd<Result>> {
    const { signal, endOnAbort = false } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      if (this.#closed) {
        reject(new DependencyUnavailable(`${this.#options.name} is closed`));
        return;
      }
      const onAbort = (): void => {
        const at = this.#queue.indexOf(queued);
        if (at >= 0) this.#queue.splice(at, 1);
        else if (endOnAbort) queued.end?.();
        reject(signal?.reason as Error);
      };
      const queued: QueuedTask<Task, Result> = {
        task,
        timeoutMs,
        onNote: options.onNote,
        resolve: (end) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(end);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (options.urgent) this.#queue.unshift(queued);
      else this.#queue.push(queued);
      this.#dispatch();
    });
  }

  /** Replaces members that have nothing to do, which gives back what they have gathered. */
  recycleIdle(): void {
    for (const member of this.#idle.splice(0)) {
      member.kill();
      this.#members.delete(member);
      this.#replace();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const queued of this.#queue.splice(0))
      queued.reject(new DependencyUnavailable(`${this.#options.name} is closed`));
    const members = [...this.#members];
    for (const member of members) member.kill();
    await Promise.all(members.map((member) => member.gone));
  }

  #spawn(): MemberProcess<Task, Result, Parts> {
    const member = this.#options.startMember();
    this.#members.add(member);
    void member.gone.then(() => this.#remove(member));
    return member;
  }

  #remove(member: MemberProcess<Task, Result, Parts>): void {
    this.#members.delete(member);
    this.#tasksDone.delete(member);
    if (this.#closed) return;
    const at = this.#idle.indexOf(member);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    this.#options.onMemberLost?.('ended while idle');
    this.#replace();
  }

  /** Starts a member in place of one that is gone. */
  #replace(): void {
    if (this.#closed) return;
    const member = this.#spawn();
    member.ready.then(
      () => {
        this.#failedStarts = 0;
        this.#becomeIdle(member);
      },
      (error: unknown) => {
        // One that could not load its model is alive and of no use.
        member.kill();
        this.#members.delete(member);
        this.#startFailed(error);
      },
    );
  }

  #startFailed(error: unknown): void {
    if (this.#closed) return;
    this.#options.onMemberLost?.(error instanceof Error ? error.message : String(error));
    // Nobody is left to serve them, and callers know how to try again later.
    if (this.#members.size === 0) for (const queued of this.#queue.splice(0)) queued.reject(error as Error);
    const delay = Math.min(LONGEST_RESTART_DELAY_MS, FIRST_RESTART_DELAY_MS * 2 ** this.#failedStarts++);
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#replace();
    }, delay);
    this.#restarts.add(timer);
  }

  #becomeIdle(member: MemberProcess<Task, Result, Parts>): void {
    if (this.#closed) return;
    if (!this.#members.has(member)) {
      this.#replace();
      return;
    }
    this.#idle.push(member);
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const queued = this.#queue.shift()!;
      void this.#serve(this.#idle.pop()!, queued);
    }
  }

  async #serve(member: MemberProcess<Task, Result, Parts>, queued: QueuedTask<Task, Result>): Promise<void> {
    this.#busy++;
    const asked = { toEnd: false };
    queued.end = () => {
      asked.toEnd = true;
      member.kill();
    };
    const end = await member.run(queued.task, queued.timeoutMs, queued.onNote);
    this.#busy--;
    queued.resolve(end);
    if (this.#closed) return;
    if (end.kind === 'lost') {
      if (!asked.toEnd) this.#options.onMemberLost?.(end.reason);
      this.#replace();
      return;
    }
    const done = (this.#tasksDone.get(member) ?? 0) + 1;
    this.#tasksDone.set(member, done);
    const { recycleAfterTasks, recycleAboveRssBytes } = this.#options;
    if (done >= recycleAfterTasks || member.rssBytes() > recycleAboveRssBytes) {
      member.kill();
      this.#replace();
      return;
    }
    this.#becomeIdle(member);
  }
}
