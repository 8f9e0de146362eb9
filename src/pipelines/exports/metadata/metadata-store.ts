import type { JobRef } from '../contract/job-ref.js';

/** What the metadata table says of an entry. */
export interface EntryMetadata {
  /** In bytes. */
  size: number;
  crc32?: number;
  /** Lower-case hexadecimal. */
  md5?: string;
  sha256?: string;
  /** Below the output prefix, instead of the job's folder and the entry's name. */
  targetKey?: string;
  contentType?: string;
  /** What is wrong with the row, without its contents; its entry is refused for this. Its `size` is then NaN, which no entry has. */
  invalid?: { reason: 'metadata_size' | 'metadata_checksum' | 'name_unsafe'; detail: string };
}

/** The table that says what an export should hold. */
export interface MetadataStore {
  /**
   * The rows of these names, by name; names that are absent from the answer have none, also on a consistent read.
   *
   * @throws DependencyUnavailable when keys stay unprocessed, or the table does not answer
   */
  find(
    job: JobRef,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, EntryMetadata>>;
  /** The names of all rows of a job, page by page, in the table's order. */
  names(job: JobRef, signal?: AbortSignal): AsyncIterable<readonly string[]>;
  ping(): Promise<void>;
  close(): void;
}
