import type { DiscoverySummary, DispatchStats, IngestSummary } from '../contract/workflow-results.js';

/** Markdown for the Web UI's "current details" of a discovery. */
export function describeDiscovery(summary: DiscoverySummary): string {
  const { discovery, watermark } = summary;
  return [
    `**${summary.test_date}** · ${summary.mode} · ${summary.status}`,
    '',
    `| discovered | queued | had a result | late | pages |`,
    `|---|---|---|---|---|`,
    `| ${discovery.discovered} | ${discovery.enqueued} | ${discovery.existing} | ${discovery.late} | ${discovery.pages} |`,
    '',
    ...describeDispatch(summary),
    '',
    `Watermark: ${watermark === null ? 'at the start' : watermark.last_processed_timestamp}${summary.source_exhausted ? ' (source exhausted)' : ''}`,
  ].join('\n');
}

/** Markdown for the Web UI's "current details" of an ingest. */
export function describeIngest(summary: IngestSummary): string {
  return [`**${summary.queue_url}** · ${summary.status}`, '', ...describeDispatch(summary)].join('\n');
}

function describeDispatch(summary: DispatchStats & Pick<IngestSummary, 'backlog' | 'lanes'>): string[] {
  const { outcomes, backlog } = summary;
  const waiting =
    backlog === null
      ? 'Queue: not measured yet'
      : `Queue: ${backlog.visible} waiting, ${backlog.in_flight} in flight, ${backlog.delayed} delayed; ${backlog.inference_workers} inference workers`;
  return [
    `| completed | existing | ineligible | failed | malformed | batches | failed batches | hosts lost |`,
    `|---|---|---|---|---|---|---|---|`,
    `| ${outcomes.completed} | ${outcomes.skipped_existing} | ${outcomes.skipped_ineligible} | ${outcomes.failed_pre_inference} | ${outcomes.malformed} | ${summary.batches} | ${summary.batches_failed} | ${summary.hosts_lost} |`,
    '',
    `${waiting}; ${summary.lanes} lanes`,
    ...(backlog?.inference_workers === 0
      ? ['', 'No inference worker is alive: start one with `npm run worker`. Nothing is lost meanwhile.']
      : []),
  ];
}
