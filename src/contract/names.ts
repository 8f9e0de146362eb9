/** Names by which workflows, handlers and task queues are known outside the process. */

export const WORKFLOW_TYPES = {
  discovery: 'discoveryWorkflow',
  ingest: 'ingestWorkflow',
  inference: 'inferenceWorkflow',
  nightly: 'nightlyWorkflow',
} as const;

export const HANDLERS = {
  status: 'status',
  pause: 'pause',
  resume: 'resume',
  drain: 'drain',
  setLimits: 'set_limits',
} as const;

export function discoveryWorkflowId(sourceCollection: string, testDate: string): string {
  return `discovery:${sourceCollection}:${testDate}`;
}

/** A queue URL's last path segment: what people call the queue. */
export function queueName(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

export function ingestWorkflowId(queueUrl: string): string {
  return `ingest:${queueName(queueUrl)}`;
}

/** Where `receiveBatch` is offered to every inference process. */
export function inferenceTaskQueue(taskQueue: string): string {
  return `${taskQueue}-inference`;
}

/** Where the later stages of a batch go: one process, the one that holds its bytes. */
export function hostTaskQueue(taskQueue: string, hostId: string): string {
  return `${taskQueue}-host-${hostId}`;
}
