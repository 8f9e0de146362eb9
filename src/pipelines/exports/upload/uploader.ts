import type { EntryReason } from '../contract/reasons.js';
import type { JobRef } from '../contract/job-ref.js';

/** An entry that is to become an object. */
export interface EntryToUpload {
  job: JobRef;
  /** Of the file in its job. */
  ordinal: number;
  /** The entry's place in its archive's directory, from 0. */
  n: number;
  /** Whole, with the output prefix. */
  key: string;
  /** Bytes of its content. */
  size: number;
  crc32: number;
  /** Held against the content while it streams; the object is completed only after all of them fit. */
  digests: readonly { algorithm: 'md5' | 'sha256'; value: string }[];
  contentType?: string;
  /** Changes when the archive does: a record of another one is not resumed. */
  archiveTag: string;
  /** All of the content, where it is in memory: it stays as it is until the upload has ended, and `content` is not asked. */
  whole?: Buffer;
  /** True where `content(from)` costs nothing for the bytes before `from`: stored entries. */
  seekable: boolean;
  /**
   * The content from a byte on, in chunks that are the receiver's to keep. @throws EntryRefused when it is not what the
   * archive states, at the latest with its end
   */
  content(from: number, signal: AbortSignal): AsyncIterable<Buffer>;
}

export type UploadOutcome =
  | { outcome: 'uploaded' | 'skipped_equal'; bytesUploaded: number }
  | { outcome: 'rejected'; reason: EntryReason; detail?: string; stated?: string; found?: string };

/** Told by the task that runs it. */
export interface UploadControls {
  signal: AbortSignal;
  /** True when work should stop at the next part: the upload then ends with `UploadYielded`, its record kept. */
  shouldYield: () => boolean;
  /** After every part or object that is in place. */
  onProgress: (bytes: number) => void;
}

export interface Uploader {
  /** @throws UploadYielded, EntryRefused (from the content), DependencyUnavailable */
  upload(entry: EntryToUpload, controls: UploadControls): Promise<UploadOutcome>;
  /**
   * What is in place already, by one HEAD: nothing is sent, `content` and `onProgress` are not called.
   *
   * @returns undefined where the entry is to be uploaded @throws DependencyUnavailable
   */
  inPlace(entry: EntryToUpload, signal: AbortSignal): Promise<UploadOutcome | undefined>;
  /** Aborts what a job's records name, and removes the records. @returns uploads aborted */
  abortRecorded(job: JobRef, signal?: AbortSignal): Promise<number>;
}
