import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  executeChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { BatchInput } from '../../contract/batch-input.js';
import type { BatchSummary } from '../../contract/batch-summary.js';

/**
 * Start of the workflow ids of a run's batches: distinct for every run, so that a later run's batches never collide
 * with an earlier one's.
 *
 * @param kind the pipeline's word for its batches
 * @param subject what the run is about
 */
export function batchIdPrefix(kind: string, subject: string): string {
  return `${kind}:${subject}:${workflowInfo().firstExecutionRunId.slice(0, 8)}`;
}

/** A batch as a workflow of its own. */
export interface ChildBatch {
  workflowType: string;
  idPrefix: string;
  number: number;
  input: BatchInput;
  /** What the Web UI says of it, in one line. */
  summary: string;
}

/** Runs a batch to its end. */
export function runChildBatch<Outcome extends string>({
  workflowType,
  idPrefix,
  number,
  input,
  summary,
}: ChildBatch): Promise<BatchSummary<Outcome>> {
  return executeChild<(input: BatchInput) => Promise<BatchSummary<Outcome>>>(workflowType, {
    workflowId: `${idPrefix}:${number.toString().padStart(6, '0')}`,
    args: [input],
    // When the parent is terminated, its batches give their messages back instead of dying with them.
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    staticSummary: summary,
  });
}
