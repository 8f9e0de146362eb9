import type { Environment } from '../platform/config/environment.js';
import type { DeadLetterQueue } from '../queue/dead-letter-queue.js';
import type { MessageQueue } from '../queue/message-queue.js';
import type { Runs } from '../temporal/runs/runs.js';
import type { Schedules } from '../temporal/schedules/schedules.js';
import type { Terminal } from './terminal/terminal.js';

/**
 * What the process ends with.
 *
 * `misused` is a slip of whoever asks, and nothing was done. `stopped` and `detached` are no failures, but a script that
 * waits for a run must not take them for its completion.
 */
export const EXIT = { ok: 0, failed: 1, misused: 2, stopped: 3, detached: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A queue and the client behind it. */
export interface OpenQueue {
  queue: MessageQueue;
  close: () => void;
}

/** A queue with its dead-letter queue, where it has one. */
export interface OpenDeadLetters extends OpenQueue {
  dead: DeadLetterQueue | undefined;
}

export interface QueueSettings {
  url: string;
  region: string;
  fifoGroupId: string | undefined;
}

/** What every command reaches outside itself; tests hand in their own. A pipeline adds what its own commands reach. */
export interface CliContext {
  readonly terminal: Terminal;
  /** The environment, completed from `.env` and from the `.stack.env` of a running `npm run stack`. */
  readEnvironment: () => Environment;
  connectRuns: () => Promise<Runs>;
  /** @param workflowType what the schedules start */
  connectSchedules: (workflowType: string) => Promise<Schedules>;
  openQueue: (settings: QueueSettings) => Promise<OpenQueue>;
  openDeadLetters: (settings: QueueSettings) => Promise<OpenDeadLetters>;
  /** Calls the listener at the first Ctrl-C, SIGTERM or SIGHUP; a second one ends the process as usual. Returns how to stop listening. */
  onInterrupt: (listener: () => void) => () => void;
  /** Asks a person; @throws InvalidInput where there is none to ask. */
  confirm: (question: string) => Promise<boolean>;
  now: () => Date;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
