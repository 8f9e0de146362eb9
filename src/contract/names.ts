/** Names by which handlers, queues and task queues of every pipeline are known outside the process. */

export const HANDLERS = {
  status: 'status',
  pause: 'pause',
  resume: 'resume',
  drain: 'drain',
  setLimits: 'set_limits',
} as const;

/** Where the later stages of a batch go: one process, the one that holds its bytes. */
export function hostTaskQueue(taskQueue: string, hostId: string): string {
  return `${taskQueue}-host-${hostId}`;
}
