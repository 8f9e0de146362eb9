import { Context } from '@temporalio/activity';
import { addReasons, type ReasonCounts } from '../../contract/reason-counts.js';
import { watermarkOf } from '../../pipelines/recordings/contract/watermark.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { SourceRepository, UnusableRow } from '../../pipelines/recordings/sources/source-repository.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import { printable } from '../../platform/text/printable.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import { beat, keepProgress, progressBefore } from '../shared/progress.js';
import type { DiscoverPageInput, DiscoverPageResult, OrchestratorActivities } from './activity-types.js';
import { discoverLate } from './discover-late.js';
import { rememberSent, scopeOf, type DiscoverDependencies, type DiscoveryScope } from './discovery-scope.js';
import { enqueueRows, withoutResult, type IdentifiedRow } from './enqueue-rows.js';
import { notReportedBefore, reportUnusable } from './unusable-rows.js';

/** Reads pages of the source and puts them into SQS. */
export function createDiscoverActivities(
  deps: DiscoverDependencies,
): Pick<OrchestratorActivities, 'discoverPage' | 'discoverLate'> {
  return {
    discoverPage: (input) => discoverPage(input, deps),
    discoverLate: (input) => discoverLate(input, deps),
  };
}

async function discoverPage(
  input: DiscoverPageInput,
  deps: DiscoverDependencies,
): Promise<DiscoverPageResult> {
  const scope = scopeOf(deps, input);
  const { log, signal, runKey } = scope;
  log.info('discovery_run_once_started', { limit: input.limit });
  log.debug('discovery_page_fetch_started', { limit: input.limit });
  const page = await deps.source.readPage({
    test_date: input.test_date,
    subject_name: input.subject_name,
    after: input.after,
    upTo: null,
    limit: input.limit,
    readHint: input.read_hint,
    signal,
  });
  log.debug('discovery_page_fetch_completed', { documents_read: page.documentsRead });
  log.info('discovery_page_fetched', {
    rows: page.rows.length,
    exhausted: page.exhausted,
    unusable: page.unusable.length,
  });
  const fresh = await withoutResult(page.rows, deps);
  log.info('discovery_candidates_resolved', {
    candidates: page.rows.length,
    existing: page.rows.length - fresh.length,
    to_send: fresh.length,
  });
  const polls = input.mode === 'incremental';
  const refused = await sendOnce(fresh, deps.queueFor(input.queue_url), deps, scope, async () => {
    // Only incremental runs look back, so only they need to remember what they sent.
    if (polls) await rememberSent(deps.sentLog, runKey, fresh);
  });
  const unusable = polls ? await notReportedBefore(deps.sentLog, runKey, page.unusable) : page.unusable;

  const isCounted = input.count_rows === 'now' || (input.count_rows !== undefined && page.exhausted);
  const last = page.rows.at(-1);
  return {
    watermark: last === undefined ? input.after : watermarkOf(last),
    discovered: page.rows.length,
    enqueued: fresh.length - refused.length,
    existing: page.rows.length - fresh.length,
    exhausted: page.exhausted,
    read_hint: page.readHint,
    source_row_unusable: reportUnusable([...unusable, ...refused], log),
    rows_passed_over: isCounted ? await countPassedOver(deps.source, input, log, signal) : undefined,
  };
}

/** Kept with the activity's heartbeat, so that another attempt at a page does not send its rows again. */
interface PageProgress {
  sent: string[];
}

async function sendOnce(
  rows: readonly IdentifiedRow[],
  queue: MessageQueue,
  deps: DiscoverDependencies,
  { log, signal, sending }: DiscoveryScope,
  afterwards: () => Promise<void>,
): Promise<UnusableRow[]> {
  const context = Context.current();
  const sent = new Set((progressBefore(context) as PageProgress | undefined)?.sent);
  keepProgress(context, (): PageProgress => ({ sent: [...sent] }));
  try {
    const refused = await enqueueRows(rows, queue, sent, deps, log, signal, sending);
    await afterwards();
    return refused;
  } catch (error) {
    beat(context);
    throw error;
  }
}

/** A date that cannot be counted in time is discovered all the same. */
async function countPassedOver(
  source: SourceRepository,
  { test_date, subject_name }: DiscoverPageInput,
  log: RecordingsLogger,
  signal: AbortSignal,
): Promise<ReasonCounts | undefined> {
  try {
    const { candidates, rows_passed_over, samples } = await source.countRows({
      test_date,
      subject_name,
      signal,
    });
    log[samples.length === 0 ? 'info' : 'warn']('rows_passed_over', {
      candidates,
      rows_passed_over,
      samples: samples.map(({ reason, mongo_doc_id: id }) => ({ reason, mongo_doc_id: printable(id) })),
    });
    return addReasons({}, rows_passed_over);
  } catch (error) {
    if (signal.aborted || !(error instanceof DependencyUnavailable)) throw error;
    log.warn('rows_passed_over_unknown', { error: error.message });
    return undefined;
  }
}
