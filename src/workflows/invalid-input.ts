import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import { FAILURES } from '../activities/activity-types.js';

/**
 * Rethrows the verdict of an activity or a child workflow on the input as the workflow's own failure, so that the Web UI and the caller
 * read the sentence itself rather than "Activity task failed".
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
export async function prepared<T>(preparation: Promise<T>): Promise<T> {
  try {
    return await preparation;
  } catch (error) {
    failIfInvalid(error);
    throw error;
  }
}
