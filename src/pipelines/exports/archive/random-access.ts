/** Bytes that can be read anywhere: a file, a buffer, or an object over HTTP ranges. */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number;
  /** Bytes `start` to `end` (exclusive), all of them. @throws ArchiveChanged when it is another object by now */
  read(start: number, end: number, signal?: AbortSignal): Promise<Buffer>;
  /** The same in order, in chunks that are the receiver's to keep. Cut connections are resumed within it. */
  stream(start: number, end: number, signal?: AbortSignal): AsyncIterable<Buffer>;
  close(): Promise<void>;
}
