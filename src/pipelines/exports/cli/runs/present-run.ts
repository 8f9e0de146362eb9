import type { Row, RunPresentation, RunView } from '../../../../commands/runs/run-view.js';
import { causeRows, outcomeRow, rateRow } from '../../../../commands/runs/run-lines.js';
import { count, thousands } from '../../../../commands/words.js';
import { byFrequency } from '../../../../contract/reason-counts.js';
import type { ExportJobStatus } from '../../contract/job-status.js';
import { WORKFLOW_TYPES } from '../../contract/names.js';
import type { AlreadyDone, ExportResult } from '../../contract/result.js';

/** What a job says of itself while it runs, and ends with. */
type JobSummary = ExportJobStatus | ((ExportResult | AlreadyDone) & { status?: undefined });

/** How jobs of exports are shown. */
export const exportsRuns: RunPresentation = {
  workflowTypes: [WORKFLOW_TYPES.job],
  targets: [],
  exampleTargets: ['export:default:4711'],
  workflowIdOf: () => Promise.resolve(undefined),
  view: (summary) => viewJob(summary as unknown as JobSummary),
};

export function viewJob(summary: JobSummary): RunView {
  const result = summary.status === undefined ? summary : summary.result;
  const running = summary.status === undefined ? undefined : summary;
  const files = running?.files;
  const state = stateOf(summary);
  return {
    status: state,
    startedAt: summary.started_at,
    completed: state === 'succeeded' || state === 'already_done',
    done: result?.files.settled ?? files?.settled ?? 0,
    work: {
      found: result?.files.listed ?? files?.listed ?? 0,
      all: result !== undefined || files?.all_listed === true,
    },
    failedAttempts: running?.tasks.sent_again ?? 0,
    lanes: running?.tasks.outstanding ?? 0,
    workers: { noun: 'download worker', alive: undefined },
    outcomes: result === undefined ? [] : outcomesOf(result),
    causes: result?.rejected_by_reason,
    rows: ({ seconds }) => (result === undefined ? runningRows(running!, seconds) : resultRows(result)),
    liveRows: () => (running === undefined ? [] : liveRows(running)),
  };
}

function stateOf(summary: JobSummary): string {
  if (summary.status === undefined) return summary.state;
  if (summary.result !== undefined) return summary.result.state;
  return summary.paused ? 'paused' : summary.status;
}

function outcomesOf({ entries }: Pick<ExportResult, 'entries'>): RunView['outcomes'] {
  return [
    { name: 'uploaded', count: entries.uploaded, failed: false },
    { name: 'skipped_equal', count: entries.skipped_equal, failed: false },
    { name: 'rejected', count: entries.rejected, failed: true },
    { name: 'missing', count: entries.missing, failed: true },
  ];
}

function runningRows(job: ExportJobStatus, seconds: number): Row[] {
  return [...liveRows(job), rateRow(job.files.settled, seconds), ['Correlation', job.correlation_id]];
}

function liveRows({ stage, files, tasks, attempt }: ExportJobStatus): Row[] {
  const more = files.all_listed ? '' : ' so far';
  return [
    ['Stage', `${stage.replaceAll('_', ' ')}${attempt > 1 ? `, attempt ${attempt}` : ''}`],
    ['Files', `${thousands(files.listed)} listed${more}, ${thousands(files.settled)} settled`],
    [
      'Tasks',
      `${tasks.outstanding} out, ${tasks.undispatched} to come${tasks.sent_again > 0 ? `, ${tasks.sent_again} sent again` : ''}`,
    ],
  ];
}

/** A job's result for a person. */
export function resultRows(result: ExportResult | AlreadyDone): Row[] {
  const { files, entries, bytes } = result;
  return [
    ...(result.state === 'already_done' ? [['Ended as', result.ended_as] satisfies Row] : []),
    ...(result.reason === undefined
      ? []
      : [['Reason', [result.reason, result.detail].filter(Boolean).join(': ')] satisfies Row]),
    [
      'Files',
      `${count(files.listed, 'file')}, ${thousands(files.settled)} settled, ${thousands(files.failed)} failed`,
    ],
    ['Entries', `${thousands(entries.seen)} seen, ${thousands(entries.matched)} with metadata that fits`],
    outcomeRow(outcomesOf(result)),
    ...causeRows(result.rejected_by_reason),
    [
      'Bytes',
      byFrequency({ downloaded: bytes.downloaded, inflated: bytes.inflated, uploaded: bytes.uploaded })
        .map(([name, number]) => `${thousands(number)} ${name}`)
        .join(', ') || 'none',
    ],
    ['Attempt', String(result.attempt)],
    ['Correlation', result.correlation_id],
    ...(entries.rejected + files.failed > 0
      ? [['Rejected', `vachan exports rejects ${result.export_id}`] satisfies Row]
      : []),
  ];
}
