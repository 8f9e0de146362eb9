import type { InjectedFault } from './injector.js';

/** What a report of any pipeline's run says of the faults, and of how the processes took them. */
export interface RunReport {
  command: string;
  seed: number;
  records: number;
  workers: number;
  /** Faults that took place, by kind. */
  faults: Readonly<Record<string, number>>;
  faults_injected: number;
  /** Of those, how many were a SIGKILL of anything. */
  kills: number;
  worker_starts: number;
  run_seconds: number;
  /** From the last fault's end until nothing was left to do. */
  seconds_after_last_fault: number;
  /** From a fault's end to the next piece of work that any worker finished. */
  recovery_seconds: { median: number; most: number } | undefined;
  /** Log lines by event that show how the processes took it. */
  events: Readonly<Record<string, number>>;
  injected: readonly InjectedFault[];
}

/** Events of any pipeline that tell of trouble, and of its end. */
export const TELLING_EVENTS = [
  'activity_failed',
  'dependency_unavailable',
  'dependency_recovered',
  'lease_extension_failed',
  'lease_receipts_lost',
  'lease_expired',
  'drain_timed_out',
  'queue_call_failed',
  'worker_failed',
  'unexpected_error',
] as const;

export function countKinds(injected: readonly InjectedFault[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of injected) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** @param finishedAtSeconds when pieces of work were finished, since the start of the run, ascending */
export function recoveryTimes(
  injected: readonly InjectedFault[],
  finishedAtSeconds: readonly number[],
): RunReport['recovery_seconds'] {
  const times = injected
    .map(({ to_seconds: to }) => {
      const next = finishedAtSeconds.find((at) => at >= to);
      return next === undefined ? undefined : next - to;
    })
    .filter((time) => time !== undefined)
    .sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  return { median: rounded(times[Math.floor(times.length / 2)] ?? 0), most: rounded(times.at(-1) ?? 0) };
}

export const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Counts as one line: `3 this, 2 that`. */
export const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

const SHOWN_COMPLAINTS = 20;

/** How many complaints of each kind there are, and the first of them, as lines for a terminal. */
export function describeComplaints(complaints: Readonly<Record<string, readonly string[]>>): string[] {
  const all = Object.entries(complaints).flatMap(([kind, lines]) => lines.map((line) => `${kind}: ${line}`));
  return [
    Object.entries(complaints)
      .map(([kind, lines]) => `${kind} ${lines.length}`)
      .join(', '),
    ...all.slice(0, SHOWN_COMPLAINTS).map((line) => `  - ${line}`),
    ...(all.length > SHOWN_COMPLAINTS ? ['  - …'] : []),
  ];
}
