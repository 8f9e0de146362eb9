/** What every object of exports is stored with. */
export interface OutputOptions {
  bucket: string;
  /** Begins every object's key. */
  prefix: string;
  /** Key of KMS; unset is the bucket's own encryption. */
  kmsKey?: string | undefined;
  storageClass?: string | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
  /** What becomes of an entry whose key has another object. */
  keyTaken: 'reject' | 'replace';
}

/** Entries up to this go in one request, larger ones in parts of at least this: S3's parts have 5 MiB and more. */
export const PART_BYTES = 8 * 1024 * 1024;
/** S3 takes 10,000. */
const MAX_PARTS = 9_000;

/** Bytes of each part but the last. */
export function partBytesOf(size: number): number {
  return Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
}

/** Where what is sent stands among all that takes from the byte budget: after what was read for it. */
export const SENDING_RANK = 2;
