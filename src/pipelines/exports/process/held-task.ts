import type { DownloadTaskMessage } from '../contract/messages.js';

/**
 * What becomes of a held message: `settled` and `cancelled` delete it; `yielded` and `gave_up` make it visible, at once
 * and after a pause.
 */
export type TaskEnd = 'settled' | 'cancelled' | 'yielded' | 'gave_up';

/** A download task whose message this process holds under its lease. */
export interface HeldTask {
  readonly task: DownloadTaskMessage;
  /** Aborted when the lease is lost, or the process gives everything back. */
  readonly signal: AbortSignal;
  /** Aborted once the work should stop at the next part: the message is old, or the process drains. */
  readonly yieldSignal: AbortSignal;
  /** The same, to be asked. */
  shouldYield(): boolean;
  /** Waits until the task may work: large ones take turns. @returns what ends its turn */
  turn(): Promise<() => void>;
  /** Lets go of the message; the first call counts. */
  finish(end: TaskEnd): void;
}

/** The messages of this process, by the ids of their tasks' workflows. */
export interface HeldTasks {
  take(workflowId: string): HeldTask | undefined;
}
