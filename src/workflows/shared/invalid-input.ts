import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { FAILURES } from '../../contract/failures.js';
import { preview } from '../../platform/text/printable.js';
import { describeExcess } from '../../contract/text-limits.js';

/**
 * Rethrows the verdict of an activity or a child workflow on the input as the workflow's own failure, so that the Web
 * UI and the caller read the sentence itself rather than "Activity task failed".
 *
 * Input is checked in activities: they know the settings that fill in its defaults, and zod stays out of the
 * workflow bundle, which it would double.
 */
export function failIfInvalid(error: unknown): void {
  const wrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  const cause = wrapped ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type === FAILURES.invalidInput) {
    throw ApplicationFailure.nonRetryable(cause.message, FAILURES.invalidInput);
  }
}

/** Awaits a preparation, failing the workflow with its readable message when the input cannot be used. */
export async function unwrapInvalidInput<T>(preparation: Promise<T>): Promise<T> {
  try {
    return await preparation;
  } catch (error) {
    failIfInvalid(error);
    throw error;
  }
}

/**
 * Fails the workflow on an input that must not even be handed to the activity that checks it: what is nested too deep
 * to be written as JSON again would hold up the run forever instead of ending it.
 */
export function refuseExcess(input: unknown): void {
  const excess = describeExcess(input);
  if (excess === undefined) return;
  const message = `${workflowInfo().workflowType}: input: ${excess} (got ${preview(input)})`;
  throw ApplicationFailure.nonRetryable(message, FAILURES.invalidInput);
}

/** What the run before a continue-as-new left; a run that somebody starts has no such thing, whatever it is given. */
export function carriedOver<Carried>(carried: Carried | undefined): Carried | undefined {
  return workflowInfo().continuedFromExecutionRunId === undefined ? undefined : carried;
}
