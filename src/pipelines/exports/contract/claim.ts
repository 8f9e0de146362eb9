import { describeExcess } from '../../../contract/text-limits.js';
import { preview } from '../../../platform/text/printable.js';

/** Handlers of the two workflows, beside those of every run. */
export const EXPORT_HANDLERS = {
  /** Signal of a job: some of its files are settled. */
  wake: 'wake',
  /** Signal of a job. */
  cancel: 'cancel',
  /** Updates of a job. */
  pause: 'pause_source',
  resume: 'resume_source',
  /** Update of a task. */
  claim: 'claim',
} as const;

/** What a process says that has received a task's message. */
export interface Claim {
  /** The task queue that it alone serves. */
  process_queue: string;
  /** Seconds of silence after which it counts as lost. */
  heartbeat_timeout: number;
}

/**
 * `run`: the task's activity comes to the process's queue. `busy`: another process has it, or this one already.
 * `settled`, `cancelled`: the message can go.
 */
export type ClaimAnswer = 'run' | 'busy' | 'settled' | 'cancelled';

/** How a task's workflow ended; each but `settled` and `cancelled` leaves the message to another receive. */
export type TaskOutcome = 'settled' | 'yielded' | 'cancelled' | 'gave_up' | 'host_lost' | 'unclaimed';

/** What is wrong with a claim, in one line; without zod, since it is looked at inside the workflow. */
export function describeClaimMismatch(claim: unknown): string | undefined {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) {
    return `claim takes an object with process_queue and heartbeat_timeout (got ${preview(claim)})`;
  }
  const excess = describeExcess(claim);
  if (excess !== undefined) return `claim: the argument ${excess}`;
  const { process_queue: queue, heartbeat_timeout: timeout, ...more } = claim as Record<string, unknown>;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) return `claim: no such field: ${preview(unknown)}`;
  if (typeof queue !== 'string' || !/^[\x21-\x7E]{1,500}$/.test(queue)) {
    return `claim: process_queue: expected the name of a task queue (got ${preview(queue)})`;
  }
  const fits = typeof timeout === 'number' && timeout >= 2 && timeout <= 1_800;
  return fits
    ? undefined
    : `claim: heartbeat_timeout: expected seconds from 2 to 1800 (got ${preview(timeout)})`;
}

/** Type of the failure by which a process says that it does not hold a task's message. */
export const NOT_HELD = 'NotHeld';
