/** Types of the application failures that cross from activities to workflows. */
export const FAILURES = {
  /** Somebody must change the input; nothing retries it. */
  invalidInput: 'InvalidInput',
  /** The process does not hold the batch (it was restarted, or its lease ran out). */
  batchGone: 'BatchGone',
  /** A stage among several of one activity was not over in its time. */
  stageHung: 'StageHung',
} as const;
