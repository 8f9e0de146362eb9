import type { FaultKind } from './faults/index.js';
import type { InjectedFault } from './injector.js';
import type { Verdict } from './verdict.js';

/** What `--json` writes. */
export interface ChaosReport {
  command: string;
  seed: number;
  records: number;
  workers: number;
  /** Faults that took place, by kind. */
  faults: Partial<Record<FaultKind, number>>;
  faults_injected: number;
  /** Of those, how many were a SIGKILL of anything. */
  kills: number;
  /** Deliveries after the first one of a message, failed recordings left out, as the CSV shows them. */
  redeliveries: number;
  results: number;
  csv_rows: number;
  dead_letters: number;
  worker_starts: number;
  discovery_starts: number;
  run_seconds: number;
  /** From the last fault's end until the queue was empty and every run had ended. */
  seconds_after_last_fault: number;
  /** From a fault's end to the next batch that any worker finished. */
  recovery_seconds: { median: number; most: number } | undefined;
  /** Log lines by event that show how the workers took it. */
  events: Readonly<Record<string, number>>;
  lost: number;
  doubled: number;
  wrong: number;
  complaints: Verdict;
  injected: readonly InjectedFault[];
}

/** Events that tell of trouble, and of its end. */
export const TELLING_EVENTS = [
  'activity_failed',
  'dependency_unavailable',
  'dependency_recovered',
  'lease_extension_failed',
  'lease_receipts_lost',
  'lease_expired',
  'drain_timed_out',
  'decoder_restarted',
  'queue_call_failed',
  'download_retried',
  'late_rows_enqueued',
  'worker_failed',
  'unexpected_error',
] as const;

export const isSound = ({ lost, doubled, wrong }: Pick<ChaosReport, 'lost' | 'doubled' | 'wrong'>): boolean =>
  lost + doubled + wrong === 0;

export function countKinds(injected: readonly InjectedFault[]): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of injected) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** @param finishedAtSeconds when batches were finished, since the start of the run, ascending */
export function recoveryTimes(
  injected: readonly InjectedFault[],
  finishedAtSeconds: readonly number[],
): ChaosReport['recovery_seconds'] {
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

const SHOWN_COMPLAINTS = 20;

/** The report as lines for a terminal. */
export function describeReport(report: ChaosReport): string[] {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const { recovery_seconds: recovery } = report;
  const complaints = (['lost', 'doubled', 'wrong'] as const).flatMap((key) =>
    report.complaints[key].map((line) => `${key}: ${line}`),
  );
  return [
    '',
    `Seed ${report.seed}: ${report.records} records, ${report.workers} workers, ${report.faults_injected} faults (${report.kills} kills) in ${report.run_seconds} s`,
    `  faults        ${list(report.faults)}`,
    `  workers saw   ${list(report.events)}`,
    `  processes     ${report.worker_starts} workers started, the discovery ${report.discovery_starts} times`,
    `  redeliveries  ${report.redeliveries}`,
    `  results       ${report.results}, CSV rows ${report.csv_rows}, dead-letter messages ${report.dead_letters}`,
    `  recovery      ${recovery === undefined ? 'nothing to measure' : `next batch done after ${recovery.median} s (median), ${recovery.most} s (most)`}; all done ${report.seconds_after_last_fault} s after the last fault`,
    '',
    `lost ${report.lost}, doubled ${report.doubled}, wrong ${report.wrong}`,
    ...complaints.slice(0, SHOWN_COMPLAINTS).map((line) => `  - ${line}`),
    ...(complaints.length > SHOWN_COMPLAINTS ? ['  - …'] : []),
  ];
}
