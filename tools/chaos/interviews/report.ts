import { describeComplaints, listed, type RunReport } from '../report.js';
import { complaintsOf, countedRows, reportPage, timesOf } from '../report-page.js';
import type { KillPoint } from './kill-points.js';

/** What `--json` writes of interviews. */
export interface InterviewsReport extends RunReport {
  orchestrators: number;
  interviews: number;
  jobs: number;
  /** Interviews by what was special about their course. */
  stories: Readonly<Record<string, number>>;
  /** SIGKILLs at a named request, by the point. */
  points: Readonly<Record<KillPoint, number>>;
  /** The same by the state of a job. */
  rows: Readonly<Record<string, number>>;
  /** Jobs by their status. */
  states: Readonly<Record<string, number>>;
  results: number;
  /** Events by their status, and requests that the receiver saw. */
  told: Readonly<Record<string, number>>;
  deliveries: number;
  complaints: { wrong: string[]; leaked: string[] };
}

/** Events that tell of trouble, and of its end, beside those of any pipeline. */
export const TELLING_EVENTS = [
  'interview_job_rescheduled',
  'interview_job_superseded',
  'interview_jobs_swept',
  'memory_constrained',
] as const;

export const isSound = ({ complaints }: InterviewsReport): boolean =>
  complaints.wrong.length + complaints.leaked.length === 0;

/** The report as lines for a terminal. */
export function describeReport(report: InterviewsReport): string[] {
  const { recovery_seconds: recovery } = report;
  return [
    '',
    `Seed ${report.seed}: ${report.jobs} jobs of ${report.interviews} interviews, ${report.faults_injected} faults (${report.kills} kills) in ${report.run_seconds} s`,
    `  stories    ${listed(report.stories)}`,
    `  faults     ${listed(report.faults)}`,
    `  seen       ${listed(report.events)}`,
    `  processes  ${report.worker_starts} started for ${report.orchestrators} orchestrators and ${report.workers} workers`,
    `  jobs       by status ${listed(report.states)}; ${report.results} results`,
    `  webhooks   ${listed(report.told)}, in ${report.deliveries} deliveries`,
    `  recovery   ${recovery === undefined ? 'nothing to measure' : `next job completed after ${recovery.median} s (median), ${recovery.most} s (most)`}; all done ${report.seconds_after_last_fault} s after the last fault`,
    '',
    'A process died at:',
    ...Object.entries(report.rows).map(([row, times]) => `  ${String(times).padStart(3)} × ${row}`),
    '',
    ...describeComplaints(report.complaints),
  ];
}

/** The report as a page for `docs/chaos`. */
export function markdownReport(report: InterviewsReport): string {
  return reportPage(`${report.jobs} jobs of interviews under fire, seed ${report.seed}`, {
    command: report.command,
    facts: [
      ['interviews', report.interviews],
      ['jobs', report.jobs],
      ['jobs left, by status', listed(report.states)],
      ['results, older ones included', report.results],
      ['events, by status', listed(report.told)],
      ['requests that the receiver saw', report.deliveries],
      ['orchestrators and workers at once', `${report.orchestrators} and ${report.workers}`],
      ['faults', report.faults_injected],
      ['of these, kills', report.kills],
      ['processes started', report.worker_starts],
      ...timesOf(report, 'completed job'),
      ...complaintsOf(report.complaints),
    ],
    sections: [
      {
        ...{ heading: 'A process died at', head: ['state', 'times'] },
        rows: Object.entries(report.rows).map(([row, times]) => [row, String(times)]),
      },
      { heading: 'Kill points', head: ['at the request', 'times'], rows: countedRows(report.points) },
      { heading: 'Stories', head: ['story', 'interviews'], rows: countedRows(report.stories) },
      { heading: 'Faults', head: ['fault', 'times'], rows: countedRows(report.faults) },
      {
        ...{ heading: 'What the processes logged of it', head: ['event', 'times'] },
        rows: countedRows(report.events),
      },
    ],
  });
}
