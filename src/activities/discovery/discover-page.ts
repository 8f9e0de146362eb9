import { Context } from '@temporalio/activity';
import { compareRows, watermarkOf, type Watermark } from '../../contract/watermark.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import { RecentMap } from '../../platform/recent-map.js';
import type { SentLog } from '../../results/sent-log.js';
import type { SourcePage, SourceRepository } from '../../sources/source-repository.js';
import type { DiscoverLateInput, OrchestratorActivities } from '../activity-types.js';
import { enqueueRows, withoutResult, type EnqueueDependencies, type IdentifiedRow } from './enqueue-rows.js';

export interface DiscoverDependencies extends EnqueueDependencies {
  source: SourceRepository;
  sentLog: SentLog;
  queueFor: (queueUrl: string) => MessageQueue;
  log: Logger;
}

/** Kept with the activity's heartbeat, so that another attempt at a page does not send its rows again. */
interface PageProgress {
  sent: string[];
}

type DiscoverActivities = Pick<OrchestratorActivities, 'discoverPage' | 'discoverLate'>;

/** Reads pages of the source and puts them into SQS. */
export function createDiscoverActivities(deps: DiscoverDependencies): DiscoverActivities {
  const told = new RecentMap<true>(UNUSABLE_ROWS_REMEMBERED);
  return {
    async discoverPage(input) {
      const { log, signal, runKey } = scopeOf(deps, input);
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
      for (const row of page.unusable) tellOnce(runKey, row, log);

      const fresh = await withoutResult(page.rows, deps);
      log.info('discovery_candidates_resolved', {
        candidates: page.rows.length,
        existing: page.rows.length - fresh.length,
        to_send: fresh.length,
      });
      await sendOnce(fresh, input.queue_url, log, signal, async () => {
        // Only incremental runs look back, so only they need to remember what they sent.
        if (input.mode === 'incremental') await remember(runKey, fresh);
      });

      const last = page.rows.at(-1);
      return {
        watermark: last === undefined ? input.after : watermarkOf(last),
        discovered: page.rows.length,
        enqueued: fresh.length,
        existing: page.rows.length - fresh.length,
        exhausted: page.exhausted,
        read_hint: page.readHint,
      };
    },

    async discoverLate(input) {
      const { log, signal, runKey } = scopeOf(deps, input);
      let enqueued = 0;
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
        await enqueueRows(late, deps.queueFor(input.queue_url), new Set(), deps, log, signal);
        await remember(runKey, late);
        enqueued += late.length;
        const last = page.rows.at(-1);
        if (page.exhausted || last === undefined || enqueued >= input.limit) break;
        after = watermarkOf(last);
      }
      if (enqueued > 0) log.info('late_rows_enqueued', { rows: enqueued });
      return { enqueued };
    },
  };

  /** An incremental run meets a row that stays unusable at every poll. */
  function tellOnce(runKey: string, row: SourcePage['unusable'][number], log: Logger): void {
    const key = JSON.stringify([runKey, row.mongo_doc_id, row.reason]);
    if (told.get(key) === undefined) log.warn('source_row_unusable', row);
    told.set(key, true);
  }

  async function remember(runKey: string, rows: readonly IdentifiedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await deps.sentLog.remember(
      runKey,
      rows.map(({ id }) => id),
    );
  }

  async function sendOnce(
    rows: readonly IdentifiedRow[],
    queueUrl: string,
    log: Logger,
    signal: AbortSignal,
    afterwards: () => Promise<void>,
  ): Promise<void> {
    const context = Context.current();
    const progress = context.info.heartbeatDetails as PageProgress | undefined;
    const sent = new Set(progress?.sent);
    try {
      await enqueueRows(rows, deps.queueFor(queueUrl), sent, deps, log, signal);
      await afterwards();
    } catch (error) {
      context.heartbeat({ sent: [...sent] } satisfies PageProgress);
      throw error;
    }
  }
}

/** Beyond so many, a row that somebody should mend may be told of again. */
const UNUSABLE_ROWS_REMEMBERED = 10_000;

/** Larger than a discovery page: the look-back mostly reads rows that were sent already. */
const LOOK_BACK_PAGE_ROWS = 1000;

function startOfLookBack({ watermark, lookback_seconds }: DiscoverLateInput): Watermark {
  const from = Date.parse(watermark.last_processed_timestamp) - lookback_seconds * 1000;
  return {
    last_processed_timestamp: new Date(from).toISOString(),
    last_processed_doc_id: '',
    last_processed_subject_id: '',
    last_processed_record_type: 'admin_record',
  };
}

function scopeOf(
  { log }: DiscoverDependencies,
  input: { source_collection: string; test_date: string },
): { log: Logger; signal: AbortSignal; runKey: string } {
  const { info, cancellationSignal } = Context.current();
  const workflowId = info.workflowExecution?.workflowId ?? '';
  return {
    log: log.child({ workflow_id: workflowId, test_date: input.test_date }),
    signal: cancellationSignal,
    // Continue-as-new keeps the workflow id; a later run of the same date may safely remember what this one sent.
    runKey: `${input.source_collection}:${input.test_date}`,
  };
}
