/** What did not end as the contract promises, a sentence each. */
export interface ExportsVerdict {
  /** A job without its result, an entry that is in no object, a refusal or a missing row that is not told. */
  lost: string[];
  /** An object, a page or a fragment that was written more than once, or told of twice. */
  doubled: string[];
  /** Anything else that is not as it should be. */
  wrong: string[];
  /** What nobody will ever complete, or look at again. */
  orphaned: string[];
}

export const noComplaints = (): ExportsVerdict => ({ lost: [], doubled: [], wrong: [], orphaned: [] });
