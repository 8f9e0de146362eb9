import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { FailureDetails } from '../../contract/failure-details.js';
import { VachanError } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import { stepOf } from './failed-step.js';
import { beat } from './progress.js';

/** Well inside every heartbeat timeout, so that one slow turn of the event loop costs nothing. */
const HEARTBEAT_EVERY_MS = 5_000;

/** One attempt at an activity that ended, for metrics. */
export interface ActivityAttempt {
  activity: string;
  /** 1 is the first. */
  attempt: number;
  seconds: number;
  failed: boolean;
}

/**
 * What every activity needs at its edge: a heartbeat while it runs, and errors that Temporal understands.
 *
 * An error of the family keeps its name, message and word on retrying. Any other error is a bug or a vendor's
 * surprise whose message may hold anything, so the history gets its name only and the log gets the rest.
 *
 * @param heartbeatMs how often; for activities of hours, whose timeout is as long
 */
export function atActivityBoundary<Activities extends { [Name in keyof Activities]: AnyActivity }>(
  activities: Activities,
  log: Logger,
  onAttempt: (attempt: ActivityAttempt) => void = () => undefined,
  heartbeatMs = HEARTBEAT_EVERY_MS,
): Activities {
  const wrapped = Object.entries<AnyActivity>(activities as Record<string, AnyActivity>).map(
    ([name, activity]) => [
      name,
      async (...args: unknown[]): Promise<unknown> => {
        const context = Context.current();
        // A batch's items all listen to the one signal; Node would take eleven of them for a leak.
        setMaxListeners(0, context.cancellationSignal);
        const heartbeat = setInterval(() => beat(context), heartbeatMs);
        const started = performance.now();
        let failed = false;
        try {
          return await activity(...args);
        } catch (error) {
          failed = true;
          throw toFailure(error, name, log);
        } finally {
          clearInterval(heartbeat);
          const seconds = (performance.now() - started) / 1000;
          onAttempt({ activity: name, attempt: context.info.attempt, seconds, failed });
        }
      },
    ],
  );
  return Object.fromEntries(wrapped) as Activities;
}

// Arguments are the workflows' business; here only the calling convention matters.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyActivity = (...args: any[]) => Promise<unknown>;

function toFailure(error: unknown, activity: string, log: Logger): Error {
  const { info, cancellationSignal } = Context.current();
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (cancellationSignal.aborted) return new CancelledFailure(`${activity} was cancelled`);
  const step = stepOf(error);
  const fields = {
    workflow_id: info.workflowExecution?.workflowId,
    activity: step ?? activity,
    attempt: info.attempt,
    error,
  };
  const details = step === undefined ? undefined : [{ step } satisfies FailureDetails];
  if (error instanceof VachanError) {
    log.warn('activity_failed', fields);
    return ApplicationFailure.create({
      type: error.name,
      message: error.message,
      nonRetryable: !error.retryable,
      ...(details && { details }),
    });
  }
  log.error('unexpected_error', fields);
  return ApplicationFailure.create({
    type: 'Unexpected',
    message: `${step ?? activity} failed unexpectedly with ${error instanceof Error ? error.name : typeof error}; the worker's log has the details.`,
    ...(details && { details }),
  });
}
