import { ContinueAsNew, workflowInfo } from '@temporalio/workflow';

/**
 * True once the history is long enough that a fresh one serves better: by the server's suggestion (4,096 events or
 * 4 MB by default), or earlier by the run's own limit.
 */
export function continueAsNewIsDue(eventLimit: number | null): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || (eventLimit !== null && historyLength >= eventLimit);
}

/** Continue-as-new is thrown like an error but is none. */
export function isContinuingAsNew(error: unknown): boolean {
  return error instanceof ContinueAsNew;
}
