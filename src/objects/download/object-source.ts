import type { AttemptClock } from './attempt-clock.js';
import type { BodyChecksum } from './body-checksum.js';

/** Part of an object to read: from a byte on, of the very object seen before. */
export interface ResumeFrom {
  byte: number;
  etag: string;
}

/** Where a body's bytes come from. */
export interface BodyStream extends AsyncIterable<Buffer> {
  destroy(reason?: Error): unknown;
}

/** A body that is about to stream. */
export interface OpenedBody {
  body: BodyStream;
  /** Each of its pieces is the receiver's only until the next one is asked for. */
  lendsPieces?: true;
  /** Byte of the object at which the body starts: 0 when the server did not take up the offset asked for. */
  startsAt: number;
  /** Length of the whole object, where the server states it. */
  totalBytes: number | undefined;
  /** As the store states it; lengths, ranges and checksums are of the encoded bytes. */
  contentEncoding: string | undefined;
  /** Only a strong one, which names the exact bytes. */
  etag: string | undefined;
  /** Where the body is not held against its checksum already. */
  checksum?: BodyChecksum | undefined;
}

/** One way to read one object. */
export interface ObjectSource {
  /**
   * @throws AttemptFailed when trying again may help
   * @throws an ObjectError of the fitting class when it cannot
   * @throws DependencyUnavailable when this process's credentials are refused
   */
  open(resume: ResumeFrom | undefined, clock: AttemptClock): Promise<OpenedBody>;
}

export function strongEtag(etag: string | undefined): string | undefined {
  return etag === undefined || etag.startsWith('W/') ? undefined : etag;
}

/** First byte and whole length from `bytes 100-199/200`. */
export function parseContentRange(
  header: string | undefined,
): { startsAt: number; totalBytes: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? '');
  if (!match) return undefined;
  return { startsAt: Number(match[1]), totalBytes: match[2] === '*' ? undefined : Number(match[2]) };
}
