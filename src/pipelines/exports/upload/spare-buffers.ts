/** Memory that is used again, since a fresh buffer each time costs page faults and collections of garbage. */
export interface SpareBuffers {
  /** Of at least this length; whatever it holds is not zeroed. */
  take(bytes: number): Buffer;
  /** Only what nobody reads any more: a request that may still be under way keeps its buffer. */
  giveBack(buffer: Buffer): void;
}
