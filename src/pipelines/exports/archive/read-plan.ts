import type { ArchiveEntry } from './archive-entry.js';
import { readEnd } from './entry-content.js';

/** One range of the archive, read from its start to its end. */
export type PlannedRead =
  /** Entries that are held whole, one behind the other. */
  | { kind: 'span'; entries: ArchiveEntry[]; start: number; end: number }
  /** An entry that is streamed. */
  | { kind: 'streamed'; entry: ArchiveEntry };

const MEBIBYTE = 1024 * 1024;
/** Of content and of what it is inflated from: twice as many are held, and 4 MiB inflate in 20 ms. */
const MOST_WHOLE_BYTES = 4 * MEBIBYTE;
/** 10,000 entries of 64 KB in some 20 requests; a span is streamed, so that its length costs no memory. */
const SPAN_BYTES = 32 * MEBIBYTE;
/** What a request takes to be answered, 20 ms, brings as many bytes over one connection to S3. */
const SKIPPED_BYTES = MEBIBYTE;

export function isWhole({ size, compressedSize }: ArchiveEntry): boolean {
  return size <= MOST_WHOLE_BYTES && compressedSize <= MOST_WHOLE_BYTES;
}

/**
 * Few requests for many entries: neighbours are read as one, over what lies between them where that is shorter than a
 * request is long.
 *
 * @param entries those that are wanted, by offset
 */
export function* planReads(entries: Iterable<ArchiveEntry>): Generator<PlannedRead> {
  let span: (PlannedRead & { kind: 'span' }) | undefined;
  for (const entry of entries) {
    if (!isWhole(entry)) {
      yield { kind: 'streamed', entry };
      continue;
    }
    const end = readEnd(entry);
    if (span && (entry.offset - span.end > SKIPPED_BYTES || end - span.start > SPAN_BYTES)) {
      yield span;
      span = undefined;
    }
    if (span) {
      span.entries.push(entry);
      span.end = end;
    } else {
      span = { kind: 'span', entries: [entry], start: entry.offset, end };
    }
  }
  if (span) yield span;
}
