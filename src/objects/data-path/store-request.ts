/** A body in one piece or in several that follow one another. */
export type Bytes = Buffer | readonly Buffer[];

/** A request to the store, before it has a host and a signature. */
export interface StoreRequest {
  /** For messages, e.g. "upload part 3 of". */
  action: string;
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  bucket: string;
  /** Literal; absent for what is asked of the bucket. */
  key?: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  /** An object's bytes, which are not signed, or a document, which is. */
  body?: { bytes: Bytes } | { document: string };
  /** How long the store may think, where that is longer than usual. */
  answerTimeoutMs?: number;
  /** Bytes that the answer will have. */
  answerBytes?: number;
}

export function pieces(bytes: Bytes): readonly Buffer[] {
  return Buffer.isBuffer(bytes) ? [bytes] : bytes;
}

export function byteLength(bytes: Bytes): number {
  return pieces(bytes).reduce((sum, { length }) => sum + length, 0);
}

/** What a request is about, as messages name it: keys hold names of entries, which belong into no log. */
export function nameOf({ bucket, key }: Pick<StoreRequest, 'bucket' | 'key'>): string {
  return key === undefined ? `s3://${bucket}` : `an object of s3://${bucket}`;
}
