import { describeComplaints, listed, type RunReport } from '../report.js';
import type { Verdict } from './verdict.js';

/** What `--json` writes of recordings. */
export interface ChaosReport extends RunReport {
  /** Deliveries after the first one of a message, failed recordings left out, as the CSV shows them. */
  redeliveries: number;
  results: number;
  csv_rows: number;
  dead_letters: number;
  discovery_starts: number;
  lost: number;
  doubled: number;
  wrong: number;
  complaints: Verdict;
}

/** Events that tell of trouble, and of its end, beside those of any pipeline. */
export const TELLING_EVENTS = ['decoder_restarted', 'download_retried', 'late_rows_enqueued'] as const;

export const isSound = ({ lost, doubled, wrong }: Pick<ChaosReport, 'lost' | 'doubled' | 'wrong'>): boolean =>
  lost + doubled + wrong === 0;

/** The report as lines for a terminal. */
export function describeReport(report: ChaosReport): string[] {
  const { recovery_seconds: recovery } = report;
  return [
    '',
    `Seed ${report.seed}: ${report.records} records, ${report.workers} workers, ${report.faults_injected} faults (${report.kills} kills) in ${report.run_seconds} s`,
    `  faults        ${listed(report.faults)}`,
    `  workers saw   ${listed(report.events)}`,
    `  processes     ${report.worker_starts} workers started, the discovery ${report.discovery_starts} times`,
    `  redeliveries  ${report.redeliveries}`,
    `  results       ${report.results}, CSV rows ${report.csv_rows}, dead-letter messages ${report.dead_letters}`,
    `  recovery      ${recovery === undefined ? 'nothing to measure' : `next batch done after ${recovery.median} s (median), ${recovery.most} s (most)`}; all done ${report.seconds_after_last_fault} s after the last fault`,
    '',
    ...describeComplaints({ ...report.complaints }),
  ];
}
