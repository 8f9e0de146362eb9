import type { IncomingMessage } from 'node:http';
import { strongEtag } from '../../../../objects/download/object-source.js';
import { ArchiveChanged } from '../../errors.js';
import { LinkFailure } from './link-failure.js';

/** The very bytes that a file's reader goes on with. */
export interface Version {
  /** In bytes. */
  size: number;
  /** A strong one. */
  etag: string;
}

export interface ContentRange {
  start: number;
  /** Exclusive; undefined where the range could not be satisfied. */
  end: number | undefined;
  size: number | undefined;
}

/** From `bytes 100-199/200`, or `bytes *\/200` of a 416. */
export function contentRange(header: string | undefined): ContentRange | undefined {
  const unsatisfied = /^bytes \*\/(\d{1,16})$/i.exec(header ?? '');
  if (unsatisfied !== null) return { start: 0, end: undefined, size: Number(unsatisfied[1]) };
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/i.exec(header ?? '');
  if (match === null) return undefined;
  const [start, last] = [Number(match[1]), Number(match[2])];
  if (last < start) return undefined;
  return { start, end: last + 1, size: match[3] === '*' ? undefined : Number(match[3]) };
}

/**
 * Holds an answer against what was asked for: bytes `start` to `end` of this version.
 *
 * @returns the end of the bytes that come, which may be before the one asked for
 * @throws ArchiveChanged when it is another version's; LinkFailure `range` when it is something else
 */
export function checkedEnd(
  { statusCode: status, headers }: IncomingMessage,
  { start, end }: { start: number; end: number },
  { size, etag }: Version,
): number {
  if (status === 412) throw new ArchiveChanged('The archive was replaced while it was read (412).');
  const range = contentRange(headers['content-range']);
  const found = strongEtag(headers.etag);
  if (headers.etag !== undefined && found !== etag) {
    throw new ArchiveChanged('The archive was replaced while it was read: its ETag is another one.');
  }
  if (status === 416) {
    if (range?.size !== undefined && range.size !== size) throw resized(size, range.size);
    throw new LinkFailure('range', `the server refuses bytes ${start} to ${end} of ${size} (416)`);
  }
  if (status === 200) {
    // Without ranges the whole comes; of use where it was wanted from its first byte on.
    const length = headers['content-length'];
    if (start === 0 && found === etag && (length === undefined || Number(length) === size)) return end;
    throw new LinkFailure('range', 'the server answers a range with the whole (200)');
  }
  if (range?.end === undefined) {
    throw new LinkFailure(
      'range',
      'the server does not say which bytes it sends (no Content-Range of one range)',
    );
  }
  if (range.size !== undefined && range.size !== size) {
    if (found === undefined) throw resized(size, range.size);
    throw new LinkFailure('range', `the server states ${range.size} bytes in all, and ${size} before`);
  }
  if (range.start !== start || range.end > size) {
    throw new LinkFailure(
      'range',
      `the server sends bytes ${range.start} to ${range.end}, asked for ${start} to ${end} of ${size}`,
    );
  }
  return Math.min(end, range.end);
}

const resized = (before: number, now: number): ArchiveChanged =>
  new ArchiveChanged(
    `The archive was replaced while it was read: it has ${now} bytes, and ${before} before.`,
  );
