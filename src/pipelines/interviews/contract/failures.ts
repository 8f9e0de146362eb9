/** Types of failures of a job's attempt, as its document has them in `error_type`; those of the error family have their class's name. */
export const JOB_FAILURES = {
  /** Somebody ended the job. */
  cancelled: 'Cancelled',
  /** The object did not come within READINESS_DEADLINE. */
  notReadyInTime: 'NotReadyInTime',
  /** An attempt took longer than JOB_TIMEOUT, or than the job's own limit. */
  timeout: 'Timeout',
  /** The process that worked on it said nothing any more. */
  workerLost: 'WorkerLost',
  /** The process gave the place back: it was stopped, or nothing came for the job. */
  placeGone: 'PlaceGone',
} as const;

/** Failures of activities that mean that the job is another run's by now, or that its interview was erased. */
export const SUPERSEDING_FAILURES: readonly string[] = ['ClaimLost', 'InterviewErased'];

/** Failures that the same activity would meet again, but another attempt at the job need not. */
export const ATTEMPT_FAILURES: readonly string[] = [
  JOB_FAILURES.placeGone,
  // Another object took the place of the one that was being read, or it was removed.
  'MediaChanged',
  'ObjectNotFound',
  // What a pass or a chunk wrote is gone, by age.
  'PartMissing',
];
