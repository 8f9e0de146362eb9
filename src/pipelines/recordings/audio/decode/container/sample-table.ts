import type { Bytes } from './bytes.js';
import { boxAt, contentOf, type Box } from './iso-boxes.js';

/** Where a track's samples lie. */
export interface SampleSpan {
  /** Behind its last byte. */
  end: number;
  /** Bytes of all of its samples. */
  bytes: number;
}

/** Of a full box, before its entries: version, flags and their number. */
const HEADER_BYTES = 8;

/**
 * Reads `stsz`, `stsc` and `stco` or `co64` of a track.
 *
 * @returns undefined where they are absent or do not agree; also for samples of one length for all, which QuickTime counts in a way of its own
 */
export function sampleSpan(bytes: Bytes, stbl: Box): SampleSpan | undefined {
  const table = (type: string): Buffer => {
    const box = boxAt(bytes, stbl, type);
    return box ? contentOf(bytes, box) : Buffer.alloc(0);
  };
  const sizes = table('stsz');
  const runs = entries(table('stsc'), 12);
  const offsets = chunkOffsets(table('stco'), table('co64'));
  if (sizes.length < 12 || sizes.readUInt32BE(4) !== 0 || !runs || !offsets) return undefined;
  const count = sizes.readUInt32BE(8);
  if (sizes.length < 12 + 4 * count) return undefined;

  let sample = 0;
  let run = 0;
  let end = 0;
  let total = 0;
  for (const [chunk, offset] of offsets.entries()) {
    // A run holds from its first chunk, counted from 1, to the next run's.
    while (run + 1 < runs.count && runs.at(run + 1) <= chunk + 1) run++;
    const perChunk = runs.count > 0 ? runs.at(run, 4) : 0;
    let length = 0;
    for (let i = 0; i < perChunk && sample < count; i++, sample++)
      length += sizes.readUInt32BE(12 + 4 * sample);
    total += length;
    if (length > 0) end = Math.max(end, offset + length);
  }
  return sample === count && count > 0 ? { end, bytes: total } : undefined;
}

function entries(
  content: Buffer,
  entryBytes: number,
): { count: number; at: (index: number, offset?: number) => number } | undefined {
  if (content.length < HEADER_BYTES) return undefined;
  const count = content.readUInt32BE(4);
  if (content.length < HEADER_BYTES + entryBytes * count) return undefined;
  return {
    count,
    at: (index, offset = 0) => content.readUInt32BE(HEADER_BYTES + entryBytes * index + offset),
  };
}

function chunkOffsets(short: Buffer, long: Buffer): number[] | undefined {
  const of32 = entries(short, 4);
  if (of32) return Array.from({ length: of32.count }, (_, i) => of32.at(i));
  const of64 = entries(long, 8);
  return of64 && Array.from({ length: of64.count }, (_, i) => of64.at(i) * 2 ** 32 + of64.at(i, 4));
}
