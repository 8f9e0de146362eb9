export const WORKFLOW_TYPES = {
  job: 'exportJobWorkflow',
  task: 'exportTaskWorkflow',
  event: 'exportEventWorkflow',
} as const;

/** Where the pipeline's orchestrators listen. */
export function orchestratorTaskQueue(base: string): string {
  return `${base}-exports`;
}

/** Where calls of the Export API are made, at a rate that the whole installation shares. */
export function apiTaskQueue(taskQueue: string): string {
  return `${taskQueue}-api`;
}

/** Where any worker process takes what is too heavy for an orchestrator, such as joining a result. */
export function workTaskQueue(taskQueue: string): string {
  return `${taskQueue}-work`;
}

/** Workflows that Schedules start. */
export const SWEEP_WORKFLOW_TYPES = {
  deadLetters: 'exportDeadLetterSweepWorkflow',
  uploads: 'exportUploadSweepWorkflow',
} as const;
