import type { PassedOver } from './passed-over.js';
import type { RecordType, SourceRow } from '../contract/source-row.js';
import type { Watermark } from '../contract/watermark.js';

/** What to read: the candidates of one date and subject, strictly after one position and up to another. */
export interface PageQuery {
  test_date: string;
  subject_name: string;
  /** `null` reads from the first row. */
  after: Watermark | null;
  /** Include nothing after this position (the look-back re-reads up to the watermark); `null` is no bound. */
  upTo: Watermark | null;
  /** Rows at the most. */
  limit: number;
  /** What an earlier page of this run returned as `readHint`, to read on without searching for a good window. */
  readHint?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface SourcePage {
  /** In watermark order; `limit` of them, and those that share the place of the last, which a watermark cannot tell apart. */
  rows: SourceRow[];
  /** True when no candidate was left after the last row at the time of reading. */
  exhausted: boolean;
  readHint?: string | undefined;
  /** Documents or table rows that the database passed for this page, to watch for re-reading. */
  documentsRead: number;
  /** Candidates that no message can be made of: they are reported with the page that passes their place. */
  unusable: UnusableRow[];
}

/** A candidate that cannot be queued, named without personal data: each part as far as the source has it. */
export interface UnusableRow {
  mongo_doc_id: string;
  record_type: string | null;
  subject_id: string | null;
  /** A word to count by, such as `subject_id_missing`: never a value. */
  reason: string;
}

/** Names one source row, as a message does. */
export interface SourceRowKey {
  mongo_doc_id: string;
  test_date: string;
  record_type: RecordType;
  subject_id: string;
  subject_name: string;
}

/** The result of one row, to be written back into the source when that is wanted. */
export interface Backlink {
  key: SourceRowKey;
  anomaly_result_id: string;
  anomaly_processed_at: Date;
}

/** Where recordings are listed. Implementations map driver errors to `DependencyUnavailable`. */
export interface SourceRepository {
  /** The name that messages, identities and the state document carry. */
  readonly sourceCollection: string;
  readPage(query: PageQuery): Promise<SourcePage>;
  /** What of a date's rows a run takes and leaves, by reason: one query, which may take minutes on a large date. */
  countRows(query: Pick<PageQuery, 'test_date' | 'subject_name' | 'signal'>): Promise<PassedOver>;
  /** One query for a whole batch: for each key, whether its row still exists and still is a candidate. */
  stillEligible(keys: readonly SourceRowKey[], signal?: AbortSignal): Promise<boolean[]>;
  writeBacklinks(backlinks: readonly Backlink[]): Promise<void>;
  /**
   * Creates the indexes that paging relies on, if missing.
   *
   * @returns why the source has none and no further try would give it any (a view, a missing right), in a sentence; paging reads it all the same
   */
  ensureIndexes(): Promise<string | undefined>;
  /** Throws `DependencyUnavailable` when the source does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
