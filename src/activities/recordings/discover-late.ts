import { addReasons, type ReasonCounts } from '../../contract/reason-counts.js';
import { compareRows, watermarkOf, type Watermark } from '../../pipelines/recordings/contract/watermark.js';
import type { DiscoverLateInput, DiscoverLateResult } from './activity-types.js';
import { rememberSent, scopeOf, type DiscoverDependencies } from './discovery-scope.js';
import { enqueueRows, withoutResult } from './enqueue-rows.js';
import { notReportedBefore, reportUnusable } from './unusable-rows.js';

/** Larger than a discovery page: the look-back mostly reads rows that were sent already. */
const LOOK_BACK_PAGE_ROWS = 1000;

/** Sends the rows behind the watermark that arrived late: those that this run has not sent, and that have no result. */
export async function discoverLate(
  input: DiscoverLateInput,
  deps: DiscoverDependencies,
): Promise<DiscoverLateResult> {
  const { log, signal, runKey, sending } = scopeOf(deps, input);
  let enqueued = 0;
  let unusable: ReasonCounts = {};
  let after: Watermark = startOfLookBack(input);
  for (;;) {
    const page = await deps.source.readPage({
      test_date: input.test_date,
      subject_name: input.subject_name,
      after,
      upTo: input.watermark,
      limit: LOOK_BACK_PAGE_ROWS,
      signal,
    });
    const unscored = await withoutResult(page.rows, deps);
    const sent = await deps.sentLog.alreadySent(
      runKey,
      unscored.map(({ id }) => id),
    );
    const late = unscored
      .filter(({ id }) => !sent.has(id))
      .sort((a, b) => compareRows(a.row, b.row))
      .slice(0, input.limit - enqueued);
    const refused = await enqueueRows(
      late,
      deps.queueFor(input.queue_url),
      new Set(),
      deps,
      log,
      signal,
      sending,
    );
    await rememberSent(deps.sentLog, runKey, late);
    const reported = await notReportedBefore(deps.sentLog, runKey, page.unusable);
    unusable = addReasons(unusable, reportUnusable([...reported, ...refused], log));
    enqueued += late.length - refused.length;
    const last = page.rows.at(-1);
    if (page.exhausted || last === undefined || enqueued >= input.limit) break;
    after = watermarkOf(last);
  }
  if (enqueued > 0) log.info('late_rows_enqueued', { rows: enqueued });
  return { enqueued, source_row_unusable: unusable };
}

function startOfLookBack({ watermark, lookback_seconds }: DiscoverLateInput): Watermark {
  const from = Date.parse(watermark.last_processed_timestamp) - lookback_seconds * 1000;
  return {
    last_processed_timestamp: new Date(from).toISOString(),
    last_processed_doc_id: '',
    last_processed_subject_id: '',
    last_processed_record_type: 'admin_record',
  };
}
