import type { FailureCounts } from '../../contract/outcome.js';
import { byFrequency, totalOf, type ReasonCounts } from '../../contract/reason-counts.js';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type {
  DiscoverySummary,
  IngestSummary,
} from '../../pipelines/recordings/contract/workflow-results.js';
import type { DispatchStats } from '../../contract/batch-summary.js';

/** Markdown for the Web UI's "current details" of a discovery. Lists, since the UI gives a table's cells no space between them. */
export function describeDiscovery(summary: DiscoverySummary): string {
  const { discovery, watermark } = summary;
  const reached = watermark === null ? 'at the start' : watermark.last_processed_timestamp;
  return [
    `**${summary.test_date}** · ${summary.mode} · **${summary.status}**`,
    '',
    `- **Found** ${grouped(discovery.discovered)} in ${grouped(discovery.pages)} pages${summary.source_exhausted ? ', all there are' : ' so far'}`,
    `- **Queued** ${grouped(discovery.enqueued)}, ${grouped(discovery.late)} of them late; ${grouped(discovery.existing)} had a result`,
    ...describeLeftOut('Unusable', discovery.source_row_unusable),
    ...describeLeftOut('Passed over', discovery.rows_passed_over),
    ...describeDispatch(summary),
    `- **Watermark** ${reached}`,
    ...noWorkerWarning(summary),
  ].join('\n');
}

function describeLeftOut(name: string, counts: ReasonCounts | undefined): string[] {
  const total = totalOf(counts);
  if (total === 0) return [];
  const reasons = byFrequency(counts).map(([reason, count]) => `${grouped(count)} ${reason}`);
  return [`- **${name}** ${grouped(total)}: ${reasons.join(', ')}`];
}

/** Markdown for the Web UI's "current details" of an ingest. */
export function describeIngest(summary: IngestSummary): string {
  return [
    `**${summary.queue_url}** · **${summary.status}**`,
    '',
    ...describeDispatch(summary),
    ...noWorkerWarning(summary),
  ].join('\n');
}

type Dispatched = DispatchStats<Outcome> & Pick<IngestSummary, 'backlog' | 'lanes'>;

function describeDispatch(summary: Dispatched): string[] {
  const { outcomes, backlog } = summary;
  const queue =
    backlog === null
      ? 'not measured yet'
      : `${grouped(backlog.visible)} waiting, ${grouped(backlog.in_flight)} in flight, ${grouped(backlog.delayed)} delayed`;
  const workers = backlog === null ? '' : ` on ${backlog.inference_workers} inference workers`;
  return [
    `- **Completed** ${grouped(outcomes.completed)}`,
    `- **Skipped** ${grouped(outcomes.skipped_existing)} existing, ${grouped(outcomes.skipped_ineligible)} ineligible`,
    `- **Failed attempts** ${grouped(outcomes.failed_pre_inference)}${describeFailures(summary.failures)}`,
    `- **Malformed** ${grouped(outcomes.malformed)}`,
    `- **Batches** ${grouped(summary.batches)}, ${summary.batches_failed} failed, ${summary.hosts_lost} hosts lost`,
    ...(summary.returns === undefined
      ? []
      : [`- **Given back** ${grouped(summary.returned)}${describeFailures(summary.returns)}`]),
    ...(summary.not_deleted === undefined
      ? []
      : [`- **Not deleted in time** ${grouped(summary.not_deleted)}: SQS delivers them again`]),
    `- **Lanes** ${summary.lanes} under way${workers}`,
    `- **Queue** ${queue}`,
  ];
}

function describeFailures(failures: FailureCounts = {}): string {
  const causes = Object.entries(failures).sort(([, m], [, n]) => n - m);
  return causes.length === 0 ? '' : `: ${causes.map(([cause, count]) => `${count} ${cause}`).join(', ')}`;
}

function noWorkerWarning({ backlog }: Dispatched): string[] {
  return backlog?.inference_workers === 0
    ? ['', 'No inference worker is alive: start one with `npm run worker`. Nothing is lost meanwhile.']
    : [];
}

/** `9,000`; without Intl, whose data could differ between the workers of one run. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
