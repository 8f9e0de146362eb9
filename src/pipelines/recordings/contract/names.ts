import { queueName } from '../../../platform/text/queue-name.js';

export const WORKFLOW_TYPES = {
  discovery: 'discoveryWorkflow',
  ingest: 'ingestWorkflow',
  inference: 'inferenceWorkflow',
  nightly: 'nightlyWorkflow',
} as const;

/** Start of every batch's workflow id. */
export const BATCH_ID_START = 'inference:';

export function discoveryWorkflowId(sourceCollection: string, testDate: string): string {
  return `discovery:${sourceCollection}:${testDate}`;
}

export function ingestWorkflowId(queueUrl: string): string {
  return `ingest:${queueName(queueUrl)}`;
}

/** Where orchestrators listen. Those of other pipelines have a suffix; recordings were there before them. */
export function orchestratorTaskQueue(base: string): string {
  return base;
}

/** Where `receiveBatch` is offered to every inference process. */
export function inferenceTaskQueue(taskQueue: string): string {
  return `${taskQueue}-inference`;
}
