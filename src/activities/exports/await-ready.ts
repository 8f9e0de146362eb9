import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ApiUnavailable, JobRefused } from '../../pipelines/exports/errors.js';
import type { ExportSource, ExportStatus } from '../../pipelines/exports/export-api/export-source.js';
import { printable } from '../../platform/text/printable.js';
import type { ApiActivities, JobPlan, Readiness, Refusal } from './activity-types.js';

/** A job of hours is asked about every few minutes, and one of seconds every few seconds. */
const PAUSE_SHARE_OF_AGE = 0.05;
const PAUSE_SECONDS = { least: 1, most: 300 };

export interface SourcesOf {
  of(source: string, correlationId?: string): ExportSource;
}

/**
 * Asks once whether an export is ready. While it is not, the activity fails, retryably and benignly, with the pause
 * until it should be asked again: retries add nothing to the history, and hold no slot.
 */
export function createAwaitReadyActivity(
  sources: SourcesOf,
  now: () => number = Date.now,
): Pick<ApiActivities, 'awaitReady'> {
  return {
    async awaitReady(plan) {
      const source = sources.of(plan.source, plan.correlation_id);
      let status: ExportStatus;
      try {
        status = await source.status(plan.export_id, Context.current().cancellationSignal);
      } catch (error) {
        if (error instanceof JobRefused) return { refused: { reason: error.reason, detail: error.message } };
        if (!(error instanceof ApiUnavailable)) throw error;
        return later(plan, error.retryAfterMs, `The Export API does not answer: ${error.message}`);
      }
      const refused = refusalOf(status);
      if (refused !== undefined) return { refused };
      if (status.state === 'ready') {
        const { fileCount, totalBytes } = status;
        return {
          ready: {
            ...(fileCount !== undefined && { file_count: fileCount }),
            ...(totalBytes !== undefined && { total_bytes: totalBytes }),
          },
        };
      }
      const pauseMs = status.pollAfterSeconds === undefined ? undefined : status.pollAfterSeconds * 1000;
      return later(plan, pauseMs, `The export is ${status.state}.`);
    },
  };

  /** @throws ApplicationFailure until the job's time for waiting is over */
  function later(plan: JobPlan, askedMs: number | undefined, why: string): Readiness {
    const leftMs = Date.parse(plan.ready_by) - now();
    if (leftMs <= 0) {
      return {
        refused: { reason: 'not_ready_in_time', detail: `It was to be ready by ${plan.ready_by}. ${why}` },
      };
    }
    throw ApplicationFailure.create({
      type: 'NotReady',
      message: why,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: Math.min(pauseMs(plan, askedMs, now()), leftMs + 1_000),
    });
  }
}

/** Until an export is asked about again: what the API asks for, or a share of the job's age. */
export function pauseMs(
  plan: Pick<JobPlan, 'started_at'>,
  askedMs: number | undefined,
  nowMs: number,
  random: () => number = Math.random,
): number {
  const byAge = (nowMs - Date.parse(plan.started_at)) * PAUSE_SHARE_OF_AGE;
  const wanted = Math.max(askedMs ?? 0, byAge, PAUSE_SECONDS.least * 1000);
  // A little more than what was asked for, so that jobs which were started together part.
  return Math.round(Math.min(wanted * (1 + random() * 0.1), PAUSE_SECONDS.most * 1000));
}

function refusalOf({ state, error }: ExportStatus): Refusal | undefined {
  const code = error === undefined ? '' : `, and says ${printable(error.code, 60)}`;
  if (state === 'failed')
    return { reason: 'export_failed', detail: `The API calls the export failed${code}.` };
  if (state === 'expired')
    return { reason: 'export_expired', detail: `The API calls the export expired${code}.` };
  if (state === 'cancelled') {
    return { reason: 'export_cancelled', detail: `The API calls the export cancelled${code}.` };
  }
  return undefined;
}
