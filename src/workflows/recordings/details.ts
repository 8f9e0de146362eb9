import { byFrequency, totalOf, type ReasonCounts } from '../../contract/reason-counts.js';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type {
  DiscoverySummary,
  IngestSummary,
} from '../../pipelines/recordings/contract/workflow-results.js';
import type { DispatchStats } from '../../contract/batch-summary.js';
import { describeCauses, describeDispatch, grouped } from '../shared/describe-dispatch.js';

/** Markdown for the Web UI's "current details" of a discovery. */
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
    ...describeOutcomes(summary),
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
    ...describeOutcomes(summary),
    ...noWorkerWarning(summary),
  ].join('\n');
}

type DispatchedRecordings = DispatchStats<Outcome> & Pick<IngestSummary, 'backlog' | 'lanes'>;

function describeOutcomes(summary: DispatchedRecordings): string[] {
  const { outcomes, failures } = summary;
  return [
    `- **Completed** ${grouped(outcomes.completed)}`,
    `- **Skipped** ${grouped(outcomes.skipped_existing)} existing, ${grouped(outcomes.skipped_ineligible)} ineligible`,
    `- **Failed attempts** ${grouped(outcomes.failed_pre_inference)}${describeCauses(failures)}`,
    `- **Malformed** ${grouped(outcomes.malformed)}`,
    ...describeDispatch(summary, 'inference workers'),
  ];
}

function noWorkerWarning({ backlog }: DispatchedRecordings): string[] {
  return backlog?.inference_workers === 0
    ? ['', 'No inference worker is alive: start one with `npm run worker`. Nothing is lost meanwhile.']
    : [];
}
