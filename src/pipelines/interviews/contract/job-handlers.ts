/** Signals of a job's workflow. None takes an argument: what they are about is read from the database. */
export const JOB_HANDLERS = {
  /** The store says that the job's object has arrived: what waits for it need not wait for its next look. */
  objectArrived: 'object_arrived',
  /** Ends the job's work, e.g. since its interview is erased. */
  cancel: 'cancel',
} as const;
