/** What an activity's failure tells of itself in the history, beside its name and message. */
export interface FailureDetails {
  /** Of an activity that runs several steps, the one that failed: by the name of the activity that it also is by itself. */
  step: string;
}
