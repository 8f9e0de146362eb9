/** Tombstones: what tells that an interview was erased, without its id. */
export interface ErasedInterviews {
  /** From now on nothing of the interview is admitted or stored. Doing it again changes nothing. */
  mark: (interviewId: string) => Promise<void>;
  /** Asked before a job is admitted; of the majority. */
  isErased: (interviewId: string) => Promise<boolean>;
  /** The same, by what `interviewDigest` made of the id. Asked before and after a result is written. */
  isErasedDigest: (interviewDigest: string) => Promise<boolean>;
  /** Digests of those erased since then: what came in at the very last moment is swept up by them. */
  erasedSince: (since: Date) => Promise<string[]>;
  ensureIndexes: () => Promise<void>;
}
