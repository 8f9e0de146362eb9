import type { Row, RunPresentation, RunView } from '../../../../commands/runs/run-view.js';
import { batchesRow, causeRows, outcomeRow, rateRow } from '../../../../commands/runs/run-lines.js';
import { count, thousands } from '../../../../commands/words.js';
import { OUTCOMES, type ReturnReason } from '../../contract/outcome.js';
import { byFrequency, totalOf, type ReasonCounts } from '../../../../contract/reason-counts.js';
import type { Backlog } from '../../../../contract/backlog.js';
import type { DiscoverySummary } from '../../contract/workflow-results.js';
import { RUN_TYPES, isDiscovery, type RecordingsSummary } from '../../contract/run-summary.js';
import { settled } from '../../contract/settled.js';
import { driftText } from './drift-text.js';

/** How runs of recordings are shown: a date's discovery, and the ingest of a queue. */
export const recordingsRuns: RunPresentation = {
  workflowTypes: RUN_TYPES,
  targets: [{ name: 'test_date', about: 'a date (its discovery)' }],
  exampleTargets: ['2025-12-20', 'ingest:vachan-recordings'],
  workflowIdOf: async (target, environment) => {
    const { workflowIdOf } = await import('./run-target.js');
    return workflowIdOf(target, environment);
  },
  view: (summary) => viewRun(summary as RecordingsSummary),
};

export function viewRun(summary: RecordingsSummary): RunView {
  const { outcomes, backlog } = summary;
  return {
    status: summary.status,
    ...(isDiscovery(summary) && { mode: summary.mode }),
    startedAt: summary.started_at,
    completed: summary.status === 'completed',
    done: settled(outcomes),
    work: isDiscovery(summary)
      ? { found: summary.discovery.enqueued, all: summary.source_exhausted }
      : { queue: backlog },
    failedAttempts: outcomes.failed_pre_inference,
    lanes: summary.lanes,
    workers: { noun: 'inference worker', alive: backlog?.inference_workers },
    outcomes: outcomesOf(summary),
    causes: summary.failures,
    rows: ({ running, seconds }) => rows(summary, running, seconds),
    liveRows: () => liveRows(summary),
  };
}

function outcomesOf({ outcomes }: RecordingsSummary): RunView['outcomes'] {
  return OUTCOMES.map((name) => ({
    name,
    count: outcomes[name],
    failed: name === 'failed_pre_inference' || name === 'malformed',
  }));
}

function rows(summary: RecordingsSummary, running: boolean, seconds: number): Row[] {
  const { outcomes, failures } = summary;
  return [
    ...(isDiscovery(summary) ? discoveryRows(summary) : []),
    outcomeRow(outcomesOf(summary)),
    ...causeRows(failures),
    batchesRow(summary),
    ...returnedRows(summary),
    ...notDeletedRows(summary),
    rateRow(settled(outcomes), seconds),
    [
      'Queue',
      `${summary.queue_url}\n${running ? '' : 'when it was last measured: '}${backlogText(summary.backlog)}`,
    ],
    ...(isDiscovery(summary) && summary.drift ? [['Drift', driftText(summary.drift)] satisfies Row] : []),
    ...(outcomes.failed_pre_inference > 0 ? [['Failures', failuresText(summary)] satisfies Row] : []),
  ];
}

function discoveryRows(summary: DiscoverySummary): Row[] {
  const { discovery, limits, watermark, source_exhausted: exhausted } = summary;
  const found = `${count(discovery.discovered, 'recording')} in ${count(discovery.pages, 'page')}`;
  const late = discovery.late > 0 ? `, ${discovery.late} of them late` : '';
  return [
    ['Found', `${found}${exhausted ? '' : ' so far'}`],
    ['Sent', `${discovery.enqueued} to the queue${late}; ${discovery.existing} had a result already`],
    ...leftOutRows('Unusable', 'cannot be queued', discovery.source_row_unusable),
    ...leftOutRows('Passed over', 'of the date that no run takes', discovery.rows_passed_over),
    ['Watermark', watermark?.last_processed_timestamp ?? 'before the first row'],
    [
      'Limits',
      [
        `max_concurrency ${limits.max_concurrency ?? 'of each process'}`,
        `batch_size ${limits.batch_size}`,
        `discovery_batch_size ${limits.discovery_batch_size}`,
        `max_records ${limits.max_records ?? 'none'}`,
        ...(summary.mode === 'incremental' ? [`poll_interval_seconds ${limits.poll_interval_seconds}`] : []),
      ].join(', '),
    ],
  ];
}

/** Rows that a run leaves out, by reason. */
function leftOutRows(name: string, why: string, counts: ReasonCounts | undefined): Row[] {
  const total = totalOf(counts);
  if (total === 0) return [];
  const reasons = byFrequency(counts).map(([reason, number]) => `${number} ${reason}`);
  return [[name, [`${count(total, 'row')} ${why}`, ...reasons].join('\n')]];
}

/** What a person should know of each reason. */
const RETURN_TEXTS: Readonly<Record<ReturnReason, string>> = {
  other_source:
    'of another source than their worker serves (other_source): start a worker for theirs, or purge them',
  receipt_lost: 'whose receipts ran out (receipt_lost): delivered again',
  not_written: 'whose result the store refused (not_written): delivered again',
  twin_without_result:
    'of recordings whose other delivery brought no result (twin_without_result): delivered again',
  undecided: 'that no stage decided on (undecided): delivered again',
};

function returnedRows({ returns = {} }: RecordingsSummary): Row[] {
  const lines = byFrequency(returns).map(
    ([reason, number]) =>
      `${number} ${Object.hasOwn(RETURN_TEXTS, reason) ? RETURN_TEXTS[reason as ReturnReason] : reason}`,
  );
  return lines.length === 0 ? [] : [['Given back', lines.join('\n')]];
}

/** Results are written, so nothing is lost; the counts of a later batch will hold these deliveries again. */
function notDeletedRows({ not_deleted: number = 0 }: RecordingsSummary): Row[] {
  if (number === 0) return [];
  const messages = count(number, 'settled message');
  return [
    [
      'Not deleted',
      `${messages}, because SQS did not answer in time: delivered again, then skipped_existing`,
    ],
  ];
}

function backlogText(backlog: Backlog | null): string {
  if (backlog === null) return 'not measured yet';
  const { visible, in_flight: inFlight, delayed, inference_workers: workers } = backlog;
  return `${visible} waiting, ${inFlight} being worked on, ${delayed} delayed; ${count(workers, 'inference worker')}`;
}

/** Where to look for those that failed every time; the rest are redelivered. */
function failuresText(summary: RecordingsSummary): string {
  const only = isDiscovery(summary) ? ` --test-date ${summary.test_date}` : '';
  return `those given up, and why: vachan dlq list${only}`;
}

function liveRows(summary: RecordingsSummary): Row[] {
  const { backlog, batches, batches_failed: failed, hosts_lost: lost } = summary;
  return [
    [
      'Queue',
      backlog === null
        ? 'not measured yet'
        : `${thousands(backlog.visible)} waiting, ${thousands(backlog.in_flight)} in flight, ${thousands(backlog.delayed)} delayed`,
    ],
    ...(isDiscovery(summary) ? liveDiscoveryRows(summary) : []),
    ['Batches', `${thousands(batches)} done, ${failed} failed, ${count(lost, 'host')} lost`],
  ];
}

function liveDiscoveryRows({ discovery, source_exhausted: exhausted }: DiscoverySummary): Row[] {
  const { discovered, enqueued, existing } = discovery;
  const passedOver = totalOf(discovery.rows_passed_over);
  const unusable = totalOf(discovery.source_row_unusable);
  return [
    [
      'Found',
      `${thousands(discovered)}${exhausted ? '' : ' so far'}, ${thousands(enqueued)} sent, ${thousands(existing)} had a result`,
    ],
    ...(passedOver > 0
      ? [['Passed over', `${count(passedOver, 'row')} of the date that no run takes`] satisfies Row]
      : []),
    ...(unusable > 0 ? [['Unusable', `${count(unusable, 'row')} cannot be queued`] satisfies Row] : []),
  ];
}
