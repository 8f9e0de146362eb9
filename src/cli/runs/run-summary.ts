import { byFrequency, totalOf, type ReasonCounts } from '../../contract/reason-counts.js';
import type { FailureCounts } from '../../contract/outcome.js';
import {
  OUTCOMES,
  type RecordingOutcomes,
  type ReturnReason,
} from '../../pipelines/recordings/contract/outcome.js';
import type { Backlog } from '../../contract/backlog.js';
import { driftText } from '../../pipelines/recordings/cli/runs/drift-text.js';
import { count, durationText } from '../../commands/words.js';
import { pad, pairLines } from '../../commands/terminal/table.js';
import { settled } from '../../temporal/runs/settled.js';
import {
  isDiscovery,
  type RetriedStep,
  type RunDescription,
  type RunSummary,
} from '../../temporal/runs/runs.js';

/** A run's numbers as lines for a person. */
export function summaryLines(
  description: RunDescription,
  summary: RunSummary,
  retried: readonly RetriedStep[] = [],
): string[] {
  const { state } = description;
  const seconds = elapsedSeconds(description);
  const done = settled(summary.outcomes);
  return pairLines([
    ['Run', description.workflow_id],
    ['Status', statusText(summary, description, seconds)],
    ...heldUpPairs(retried, state === 'running' ? summary : undefined),
    ...(isDiscovery(summary) ? discoveryPairs(summary) : []),
    ['Outcomes', outcomeLines(summary.outcomes)],
    ...failurePairs(summary.failures),
    ['Batches', batchesText(summary)],
    ...returnedPairs(summary),
    ...notDeletedPairs(summary),
    [
      'Rate',
      done === 0 || seconds < 1 ? 'nothing done yet' : `${((done / seconds) * 60).toFixed(1)} a minute`,
    ],
    [
      'Queue',
      `${summary.queue_url}\n${state === 'running' ? '' : 'when it was last measured: '}${backlogText(summary.backlog)}`,
    ],
    ...(isDiscovery(summary) && summary.drift
      ? [['Drift', driftText(summary.drift)] satisfies [string, string]]
      : []),
    ...(summary.outcomes.failed_pre_inference > 0 ? [['Failures', failuresText(summary)] as const] : []),
  ]);
}

/** Causes beyond these are seen in the Web UI; most outages have one. */
const MOST_HELD_UP = 5;

/** What keeps a running run from going on, for a person: who paused it, who is missing, what is tried again and why. */
export function heldUpPairs(retried: readonly RetriedStep[], summary?: RunSummary): [string, string][] {
  const lines = retried.slice(0, MOST_HELD_UP).map(heldUpText);
  const more = retried.length - lines.length;
  if (more > 0) lines.push(`and ${more} more, in the Web UI`);
  if (summary?.status === 'paused') lines.unshift('paused by somebody: vachan resume lets it go on');
  if (summary?.backlog?.inference_workers === 0) {
    lines.unshift('no inference worker is alive: start one; nothing is lost meanwhile');
  }
  return lines.length === 0 ? [] : [['Held up', lines.join('\n')]];
}

export function heldUpText({ step, batches, attempt, error }: RetriedStep): string {
  return `${step}${batches === 0 ? '' : ` of ${batches} ${batches === 1 ? 'batch' : 'batches'}`}, try ${attempt}: ${error}`;
}

type DiscoveryRun = Extract<RunSummary, { discovery: unknown }>;

function discoveryPairs(summary: DiscoveryRun): [string, string][] {
  const { discovery, limits, watermark, source_exhausted: exhausted } = summary;
  const found = `${count(discovery.discovered, 'recording')} in ${count(discovery.pages, 'page')}`;
  const late = discovery.late > 0 ? `, ${discovery.late} of them late` : '';
  return [
    ['Found', `${found}${exhausted ? '' : ' so far'}`],
    ['Sent', `${discovery.enqueued} to the queue${late}; ${discovery.existing} had a result already`],
    ...leftOutPairs('Unusable', 'cannot be queued', discovery.source_row_unusable),
    ...leftOutPairs('Passed over', 'of the date that no run takes', discovery.rows_passed_over),
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
function leftOutPairs(name: string, why: string, counts: ReasonCounts | undefined): [string, string][] {
  const total = totalOf(counts);
  if (total === 0) return [];
  const reasons = byFrequency(counts).map(([reason, number]) => `${number} ${reason}`);
  return [[name, [`${count(total, 'row')} ${why}`, ...reasons].join('\n')]];
}

function statusText(summary: RunSummary, { state }: RunDescription, seconds: number): string {
  const own = state === 'running' || state === 'completed' ? summary.status : state;
  const mode = isDiscovery(summary) ? ` (${summary.mode})` : '';
  return `${own}${mode}, ${state === 'running' ? 'for' : 'after'} ${durationText(seconds)}`;
}

function outcomeLines(outcomes: RecordingOutcomes): string {
  const names = Math.max(...OUTCOMES.map((outcome) => outcome.length));
  const digits = Math.max(...OUTCOMES.map((outcome) => String(outcomes[outcome]).length));
  return OUTCOMES.map(
    (outcome) => `${pad(outcome, names, 'left')}  ${pad(String(outcomes[outcome]), digits, 'right')}`,
  ).join('\n');
}

function failurePairs(failures: FailureCounts | undefined): [string, string][] {
  const causes = byFrequency(failures);
  return causes.length === 0
    ? []
    : [['Causes', causes.map(([cause, number]) => `${number} ${cause}`).join('\n')]];
}

function batchesText({ batches, batches_failed: failed, hosts_lost: lost, lanes }: RunSummary): string {
  const parts = [`${batches} done`];
  if (lanes > 0) parts.push(`${lanes} under way`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (lost > 0) parts.push(`${count(lost, 'host')} lost`);
  return parts.join(', ');
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

function returnedPairs({ returns = {} }: RunSummary): [string, string][] {
  const lines = byFrequency(returns).map(
    ([reason, number]) =>
      `${number} ${Object.hasOwn(RETURN_TEXTS, reason) ? RETURN_TEXTS[reason as ReturnReason] : reason}`,
  );
  return lines.length === 0 ? [] : [['Given back', lines.join('\n')]];
}

/** Results are written, so nothing is lost; the counts of a later batch will hold these deliveries again. */
function notDeletedPairs({ not_deleted: number = 0 }: RunSummary): [string, string][] {
  return number === 0
    ? []
    : [
        [
          'Not deleted',
          `${count(number, 'settled message')}, because SQS did not answer in time: delivered again, then skipped_existing`,
        ],
      ];
}

function backlogText(backlog: Backlog | null): string {
  if (backlog === null) return 'not measured yet';
  const { visible, in_flight: inFlight, delayed, inference_workers: workers } = backlog;
  return `${visible} waiting, ${inFlight} being worked on, ${delayed} delayed; ${count(workers, 'inference worker')}`;
}

/** Where to look for those that failed every time; the rest come again by themselves. */
function failuresText(summary: RunSummary): string {
  const only = isDiscovery(summary) ? ` --test-date ${summary.test_date}` : '';
  return `those given up, and why: vachan dlq list${only}`;
}

function elapsedSeconds({ started_at: from, closed_at: to }: RunDescription): number {
  return (Date.parse(to ?? new Date().toISOString()) - Date.parse(from)) / 1000;
}
