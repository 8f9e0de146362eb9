/** Names by which handlers, queues and task queues of every pipeline are known outside the process. */

export const HANDLERS = {
  status: 'status',
  pause: 'pause',
  resume: 'resume',
  drain: 'drain',
  setLimits: 'set_limits',
} as const;

/** A queue URL's last path segment: what people call the queue. */
export function queueName(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

/** Where the later stages of a batch go: one process, the one that holds its bytes. */
export function hostTaskQueue(taskQueue: string, hostId: string): string {
  return `${taskQueue}-host-${hostId}`;
}
