import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { addReasons, countReasons, type ReasonCounts } from '../../contract/reason-counts.js';
import { printable } from '../../platform/text/printable.js';
import { compareRows, watermarkOf, type Watermark } from '../../pipelines/recordings/contract/watermark.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import type { SentLog } from '../../pipelines/recordings/results/sent-log.js';
import type { SourceRepository, UnusableRow } from '../../pipelines/recordings/sources/source-repository.js';
import { beat, keepProgress, progressBefore } from '../shared/progress.js';
import type { DiscoverLateInput, DiscoverPageInput, OrchestratorActivities } from './activity-types.js';
import { enqueueRows, withoutResult, type EnqueueDependencies, type IdentifiedRow } from './enqueue-rows.js';

export interface DiscoverDependencies extends EnqueueDependencies {
  source: SourceRepository;
  sentLog: SentLog;
  queueFor: (queueUrl: string) => MessageQueue;
  log: RecordingsLogger;
}

/** Kept with the activity's heartbeat, so that another attempt at a page does not send its rows again. */
interface PageProgress {
  sent: string[];
}

type DiscoverActivities = Pick<OrchestratorActivities, 'discoverPage' | 'discoverLate'>;

/** Reads pages of the source and puts them into SQS. */
export function createDiscoverActivities(deps: DiscoverDependencies): DiscoverActivities {
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
      const fresh = await withoutResult(page.rows, deps);
      log.info('discovery_candidates_resolved', {
        candidates: page.rows.length,
        existing: page.rows.length - fresh.length,
        to_send: fresh.length,
      });
      const polls = input.mode === 'incremental';
      const refused = await sendOnce(fresh, input.queue_url, log, signal, async () => {
        // Only incremental runs look back, so only they need to remember what they sent.
        if (polls) await remember(runKey, fresh);
      });
      const unusable = polls ? await notReportedBefore(runKey, page.unusable) : page.unusable;

      const isCounted = input.count_rows === 'now' || (input.count_rows !== undefined && page.exhausted);
      const last = page.rows.at(-1);
      return {
        watermark: last === undefined ? input.after : watermarkOf(last),
        discovered: page.rows.length,
        enqueued: fresh.length - refused.length,
        existing: page.rows.length - fresh.length,
        exhausted: page.exhausted,
        read_hint: page.readHint,
        source_row_unusable: report([...unusable, ...refused], log),
        rows_passed_over: isCounted ? await countPassedOver(deps.source, input, log, signal) : undefined,
      };
    },

    async discoverLate(input) {
      const { log, signal, runKey } = scopeOf(deps, input);
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
          runId(),
        );
        await remember(runKey, late);
        const reported = await notReportedBefore(runKey, page.unusable);
        unusable = addReasons(unusable, report([...reported, ...refused], log));
        enqueued += late.length - refused.length;
        const last = page.rows.at(-1);
        if (page.exhausted || last === undefined || enqueued >= input.limit) break;
        after = watermarkOf(last);
      }
      if (enqueued > 0) log.info('late_rows_enqueued', { rows: enqueued });
      return { enqueued, source_row_unusable: unusable };
    },
  };

  /** An incremental run meets a row that stays unusable at every poll, and counts it once. */
  async function notReportedBefore(runKey: string, rows: readonly UnusableRow[]): Promise<UnusableRow[]> {
    if (rows.length === 0) return [];
    const keyed = new Map(rows.map((row) => [unusableKey(row), row]));
    const known = await deps.sentLog.alreadySent(runKey, [...keyed.keys()]);
    const fresh = [...keyed].filter(([key]) => !known.has(key));
    if (fresh.length > 0) {
      await deps.sentLog.remember(
        runKey,
        fresh.map(([key]) => key),
      );
    }
    return fresh.map(([, row]) => row);
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
    log: RecordingsLogger,
    signal: AbortSignal,
    afterwards: () => Promise<void>,
  ): Promise<UnusableRow[]> {
    const context = Context.current();
    const sent = new Set((progressBefore(context) as PageProgress | undefined)?.sent);
    keepProgress(context, (): PageProgress => ({ sent: [...sent] }));
    try {
      const refused = await enqueueRows(rows, deps.queueFor(queueUrl), sent, deps, log, signal, runId());
      await afterwards();
      return refused;
    } catch (error) {
      beat(context);
      throw error;
    }
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

/** Beside the result ids of sent rows, which are 64 hexadecimal digits. */
function unusableKey(row: UnusableRow): string {
  const named = JSON.stringify([row.mongo_doc_id, row.record_type, row.subject_id, row.reason]);
  return `unusable-${createHash('sha256').update(named, 'utf8').digest('hex')}`;
}

/** Names each row that is left out, and counts them. */
function report(rows: readonly UnusableRow[], log: RecordingsLogger): ReasonCounts {
  for (const { mongo_doc_id, record_type, subject_id, reason } of rows) {
    log.warn('source_row_unusable', {
      mongo_doc_id: printable(mongo_doc_id),
      record_type: record_type && printable(record_type),
      subject_id: subject_id && printable(subject_id),
      reason,
    });
  }
  return countReasons(rows);
}

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

/** What tells this run's messages from those of another run of the date. */
function runId(): string {
  return Context.current().info.workflowExecution?.runId ?? '';
}

function scopeOf(
  { log }: DiscoverDependencies,
  input: { source_collection: string; test_date: string },
): { log: RecordingsLogger; signal: AbortSignal; runKey: string } {
  const { info, cancellationSignal } = Context.current();
  const workflowId = info.workflowExecution?.workflowId ?? '';
  return {
    log: log.child({ workflow_id: workflowId, test_date: input.test_date }),
    signal: cancellationSignal,
    // Continue-as-new keeps the workflow id; a later run of the same date may safely remember what this one sent.
    runKey: `${input.source_collection}:${input.test_date}`,
  };
}
