import type { BlockCache } from './block-cache.js';
import type { BytePart } from './media-input.js';
import type { Sniffed } from './sniff.js';

/** A cluster or fragment does not begin further before its keyframe, or a reading from the medium's beginning is as good. */
const FARTHEST_BYTES = 64 * 1024 * 1024;
const STEP_BYTES = 1024 * 1024;
const LONGEST_MARK = 32;

/**
 * How to read a medium without cues from a keyframe on: its header, then the cluster or fragment that holds the keyframe, and all behind
 * it. Neither names places in the file, so a demuxer takes them for a shorter file.
 *
 * @param position of the keyframe's bytes
 * @returns undefined where none is found: read from the beginning then
 */
export async function partsFrom(
  cache: BlockCache,
  { container, fragmented }: Sniffed,
  position: number,
): Promise<BytePart[] | undefined> {
  const mark = container === 'matroska' ? CLUSTER : fragmented ? FRAGMENT : undefined;
  if (mark === undefined || position <= 0) return undefined;
  const headerEnd = await findForward(cache, mark);
  if (headerEnd === undefined || headerEnd > position) return undefined;
  const entry = await findBackward(cache, mark, position, headerEnd);
  if (entry === undefined || entry <= headerEnd) return undefined;
  return [
    { from: 0, to: headerEnd },
    { from: entry, to: cache.size },
  ];
}

/** How a cluster or fragment is known: bytes that are searched, and what else must be around them. */
interface Mark {
  pattern: Buffer;
  /** Of the pattern, from where the cluster or fragment begins. */
  offset: number;
  verify(bytes: Buffer, at: number): boolean;
}

const CLUSTER_TIMESTAMP_ID = 0xe7;

/** A Matroska cluster's head (RFC 9559, 5.1.3): its id, its length, known or not, and its time, which comes first. */
const CLUSTER: Mark = {
  pattern: Buffer.from('1f43b675', 'hex'),
  offset: 0,
  verify(bytes, at) {
    const lengthBytes = Math.clz32(bytes[at + 4]!) - 23;
    const child = at + 4 + lengthBytes;
    return lengthBytes <= 8 && bytes[child] === CLUSTER_TIMESTAMP_ID && (bytes[child + 1]! & 0xf0) === 0x80;
  },
};

/** A fragment's head (ISO 14496-12, 8.8.4): `moof`, whose first box is `mfhd`. */
const FRAGMENT: Mark = {
  pattern: Buffer.from('moof'),
  offset: 4,
  verify: (bytes, at) => bytes.toString('latin1', at + 12, at + 16) === 'mfhd',
};

async function findForward(cache: BlockCache, mark: Mark): Promise<number | undefined> {
  const most = Math.min(cache.size, FARTHEST_BYTES);
  for (let from = 0; from < most; from += STEP_BYTES) {
    const bytes = await cache.readAll(from, STEP_BYTES + LONGEST_MARK);
    for (
      let found = bytes.indexOf(mark.pattern);
      found >= 0;
      found = bytes.indexOf(mark.pattern, found + 1)
    ) {
      const at = found - mark.offset;
      if (at >= 0 && at + LONGEST_MARK <= bytes.length && mark.verify(bytes, at)) return from + at;
    }
  }
  return undefined;
}

async function findBackward(
  cache: BlockCache,
  mark: Mark,
  position: number,
  notBefore: number,
): Promise<number | undefined> {
  const earliest = Math.max(notBefore, position - FARTHEST_BYTES);
  for (let to = position; to > earliest; to -= STEP_BYTES) {
    const from = Math.max(earliest, to - STEP_BYTES);
    const bytes = await cache.readAll(from, to - from + LONGEST_MARK);
    let found = bytes.lastIndexOf(mark.pattern, to - from + mark.offset);
    for (; found >= 0; found = found === 0 ? -1 : bytes.lastIndexOf(mark.pattern, found - 1)) {
      const at = found - mark.offset;
      if (at >= 0 && at + LONGEST_MARK <= bytes.length && mark.verify(bytes, at)) return from + at;
    }
  }
  return undefined;
}
