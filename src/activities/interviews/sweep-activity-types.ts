/** Jobs and interviews that a sweep has set right. */
export interface SweptInterviews {
  /** Pending jobs without a workflow that were started. */
  started: number;
  /** Jobs in process whose workflow is gone, which are pending again. */
  released: number;
  /** Ended jobs whose object was replaced while it was read. */
  begun_anew: number;
  /** Interviews all of whose jobs had ended without an event. */
  told: number;
  /** Documents past their retention, or of erased interviews. */
  removed: number;
}

export interface SweepActivities {
  sweepInterviews(): Promise<SweptInterviews>;
}
