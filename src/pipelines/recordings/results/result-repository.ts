import type { ResultDocument } from '../contract/result-document.js';

/** What became of a bulk upsert: every id passed is in exactly one of the two lists. */
export interface UpsertReport {
  /** Acknowledged by a majority, with the journal: safe to acknowledge their messages. */
  durable: string[];
  /** Refused one by one (too large, a validator, a unique index): the rest of the bulk went through. */
  failed: { id: string; code: string }[];
}

/** The store of results. Implementations map driver errors to `DependencyUnavailable`. */
export interface ResultRepository {
  /** Which of the ids have a result already: one indexed look-up for a whole page or batch. */
  findExisting(resultDocumentIds: readonly string[]): Promise<Set<string>>;
  /**
   * Writes results, each new or replacing its older self (whose `created_at` stays). Writing the same documents
   * again changes nothing but `updated_at`.
   *
   * @throws DependencyUnavailable when it is unknown whether a chunk is durable: write all of them again
   */
  upsertResults(documents: readonly ResultDocument[]): Promise<UpsertReport>;
  /** Creates the collection's indexes, if missing. */
  ensureIndexes(): Promise<void>;
  /** Throws `DependencyUnavailable` when the store does not answer. */
  ping(): Promise<void>;
}
