/** The bytes of one medium, as they were when it was opened: in a store, in a scratch file or in a file of this machine. */
export interface MediaSource {
  /** In bytes. */
  readonly size: number;
  /** Names this content: another one has another. */
  readonly etag: string;
  /**
   * Bytes `from` to `to` (exclusive), all of them; `to` is at most `size`.
   *
   * @throws MediaChanged when the medium is another one by now; besides, what the store throws
   */
  read(from: number, to: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Lets go of a file that it holds; once nobody reads. */
  close(): Promise<void>;
}
