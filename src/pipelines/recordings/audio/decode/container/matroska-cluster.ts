import type { Bytes } from './bytes.js';
import { ebmlElement, ebmlNumber } from './ebml.js';

const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
/** What may stand in a cluster beside blocks: Timestamp, SilentTracks, Position, PrevSize, EncryptedBlock, Void, CRC-32. */
const OTHERS: ReadonlySet<number> = new Set([0xe7, 0x5854, 0xa7, 0xab, 0xaf, 0xec, 0xbf]);
/** A block's flags that say that it holds several frames, whose lengths stand before them. */
const LACED = 0x06;
/** Of a block, behind the track's number: its time, and flags. */
const TIME_AND_FLAGS_BYTES = 3;

/** Walks the clusters of one segment. */
export interface ClusterWalk {
  /** @returns where the cluster ends */
  walk(start: number, statedEnd: number | undefined): number;
  /** Where the cluster or block ends that the file does not hold as a whole. */
  missingEnd(): number | undefined;
  /** Bytes of the audio tracks' frames; undefined once they cannot be told. */
  soundBytes(): number | undefined;
}

/** @param tracks by number, whether it is one of sound */
export function clusterWalk(bytes: Bytes, tracks: ReadonlyMap<number, boolean>): ClusterWalk {
  const { at, size } = bytes;
  let missingEnd: number | undefined;
  let soundBytes: number | undefined = 0;

  /** @returns whether there can be such a block: junk that looks like one has no track */
  const takeBlock = (contentAt: number, length: number): boolean => {
    const head = at(contentAt, 8 + TIME_AND_FLAGS_BYTES);
    const numberLength = head.length === 0 ? 9 : Math.clz32(head[0]!) - 23;
    const headerLength = numberLength + TIME_AND_FLAGS_BYTES;
    if (numberLength > 8 || length < headerLength) return false;
    // So little of it is there that it cannot be told.
    if (head.length < headerLength) return true;
    const isSound = tracks.get(ebmlNumber(head, 0, numberLength) ?? 0);
    if (!isSound) return isSound !== undefined;
    if ((head[headerLength - 1]! & LACED) !== 0) soundBytes = undefined;
    if (soundBytes !== undefined)
      soundBytes += Math.max(0, Math.min(length, size - contentAt) - headerLength);
    return true;
  };
  /** @returns undefined where no element of a cluster begins */
  const takeElement = (offset: number): { end: number } | undefined => {
    const element = ebmlElement(bytes, offset);
    if (element?.length === undefined) return undefined;
    const { id, contentAt, length } = element;
    const end = contentAt + length;
    if (id === SIMPLE_BLOCK) return takeBlock(contentAt, length) ? { end } : undefined;
    if (id === BLOCK_GROUP) {
      const block = ebmlElement(bytes, contentAt);
      const isBlock =
        block?.id === BLOCK && block.length !== undefined && block.contentAt + block.length <= end;
      if (!isBlock) return size - contentAt < 12 ? { end } : undefined;
      return takeBlock(block.contentAt, block.length!) ? { end } : undefined;
    }
    return OTHERS.has(id) && (end <= size || length <= 8) ? { end } : undefined;
  };

  return {
    missingEnd: () => missingEnd,
    soundBytes: () => soundBytes,
    walk(start, statedEnd) {
      let offset = start;
      while (offset < Math.min(statedEnd ?? size, size)) {
        const element = takeElement(offset);
        if (!element) break;
        offset = element.end;
      }
      // A cluster states its length once for all of its blocks, or each block its own.
      if (statedEnd !== undefined && statedEnd > size) missingEnd = statedEnd;
      else if (statedEnd === undefined && offset > size) missingEnd = offset;
      return statedEnd ?? offset;
    },
  };
}
