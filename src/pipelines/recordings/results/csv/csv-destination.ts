import type { CsvRow } from '../../contract/csv-row.js';

/** What became of the rows of an append. */
export interface CsvAppendReport {
  written: number;
  /** Left out since this process has written a row for the same `(message_id, receive_count)` before. */
  repeated: number;
}

/** Where outcomes go as CSV: one file, or one object a batch. */
export interface CsvDestination {
  /** The configured path or `s3://` address, for logs. */
  readonly location: string;
  /**
   * Writes a batch's rows, all or none. A retry writes no delivery twice: the first row written for a
   * `(message_id, receive_count)` stands.
   *
   * @param signal of the attempt that asks; a store that does not answer is left when it aborts
   * @throws DependencyUnavailable when the rows are not written (disk full, store away): try again with all of them
   */
  append(batchId: string, rows: readonly CsvRow[], signal?: AbortSignal): Promise<CsvAppendReport>;
  /** Throws `DependencyUnavailable` when the destination cannot be written. */
  ping(): Promise<void>;
}
