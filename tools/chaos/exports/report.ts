import type { ExportsVerdict } from '../../exports/complaints.js';
import { describeComplaints, listed, type RunReport } from '../report.js';
import { complaintsOf, countedRows, reportPage, timesOf } from '../report-page.js';
import type { KillPoint } from './kill-points.js';

/** What `--json` writes of exports. */
export interface ExportsReport extends RunReport {
  orchestrators: number;
  jobs: number;
  /** SIGKILLs at a named request, by the point. */
  points: Readonly<Record<KillPoint, number>>;
  /** The same by what docs/exports.md says of a process that dies. */
  rows: Readonly<Record<string, number>>;
  /** Rows that were met fewer than two times, although a point of theirs was asked for. */
  rows_not_met: readonly string[];
  /** Jobs by how they ended. */
  states: Readonly<Record<string, number>>;
  objects: number;
  dead_letters: number;
  lost: number;
  doubled: number;
  wrong: number;
  orphaned: number;
  complaints: ExportsVerdict;
}

export const LEAST_HITS_A_ROW = 2;

/** Events that tell of trouble, and of its end, beside those of any pipeline. */
export const TELLING_EVENTS = [
  'export_job_known',
  'export_task_sent_again',
  'export_task_yielded',
  'export_link_renewed',
  'export_api_breaker',
  'export_upload_aborted',
] as const;

export const isSound = ({ lost, doubled, wrong, orphaned }: ExportsReport): boolean =>
  lost + doubled + wrong + orphaned === 0;

/** The report as lines for a terminal. */
export function describeReport(report: ExportsReport): string[] {
  const { recovery_seconds: recovery, rows_not_met: missed } = report;
  return [
    '',
    `Seed ${report.seed}: ${report.records} entries in ${report.jobs} jobs, ${report.faults_injected} faults (${report.kills} kills) in ${report.run_seconds} s`,
    `  faults     ${listed(report.faults)}`,
    `  seen       ${listed(report.events)}`,
    `  processes  ${report.worker_starts} started for ${report.orchestrators} orchestrators and ${report.workers} workers`,
    `  jobs       ${listed(report.states)}; ${report.objects} objects, ${report.dead_letters} dead-letter messages`,
    `  recovery   ${recovery === undefined ? 'nothing to measure' : `next file settled after ${recovery.median} s (median), ${recovery.most} s (most)`}; all done ${report.seconds_after_last_fault} s after the last fault`,
    '',
    'A process died after:',
    ...Object.entries(report.rows).map(([row, times]) => `  ${String(times).padStart(3)} × ${row}`),
    ...(missed.length === 0 ? [] : [`Met fewer than ${LEAST_HITS_A_ROW} times: ${missed.join('; ')}.`]),
    '',
    ...describeComplaints({ ...report.complaints }),
  ];
}

/** The report as a page for `docs/chaos`. */
export function markdownReport(report: ExportsReport): string {
  return reportPage(`${report.records} entries of exports under fire, seed ${report.seed}`, {
    command: report.command,
    facts: [
      ['entries', report.records],
      ['jobs', report.jobs],
      ['jobs by how they ended', listed(report.states)],
      ['objects', report.objects],
      ['orchestrators and workers at once', `${report.orchestrators} and ${report.workers}`],
      ['faults', report.faults_injected],
      ['of these, kills', report.kills],
      ['processes started', report.worker_starts],
      ['dead-letter messages', report.dead_letters],
      ...timesOf(report, 'settled file'),
      ...complaintsOf({ ...report.complaints }),
    ],
    sections: [
      {
        ...{ heading: 'A process died after', head: ['state', 'times'] },
        rows: Object.entries(report.rows).map(([row, times]) => [row, String(times)]),
      },
      { heading: 'Kill points', head: ['at the request', 'times'], rows: countedRows(report.points) },
      { heading: 'Faults', head: ['fault', 'times'], rows: countedRows(report.faults) },
      {
        ...{ heading: 'What the processes logged of it', head: ['event', 'times'] },
        rows: countedRows(report.events),
      },
    ],
  });
}
