import type { Bytes } from './bytes.js';
import { boxAt, contentOf, type Box } from './iso-boxes.js';

/** At both ends of what an encoder made. */
const MOST_PADDING_SECONDS = 0.25;

/** What a track's edit list lets be heard. */
export interface Played {
  /** Seconds of the only edit; undefined where there is no list, or it has several. */
  seconds: number | undefined;
  /** No more than an encoder's padding is left out. */
  isWhole: boolean;
}

/** Reads `elst` of a track. */
export function played(bytes: Bytes, track: Box, moov: Box): Played {
  const list = boxAt(bytes, track, 'edts', 'elst');
  if (!list) return { seconds: undefined, isWhole: true };
  const edits = contentOf(bytes, list);
  const media = timeOf(bytes, boxAt(bytes, track, 'mdia', 'mdhd'));
  const movie = timeOf(bytes, boxAt(bytes, moov, 'mvhd'));
  if (!media || !movie || edits.length < 8) return { seconds: undefined, isWhole: false };
  const isLong = edits[0] === 1;
  const entryBytes = isLong ? 20 : 12;
  const count = edits.readUInt32BE(4);
  let seconds = 0;
  for (let at = 8, left = count; left > 0 && at + entryBytes <= edits.length; left--, at += entryBytes) {
    const duration = isLong ? Number(edits.readBigUInt64BE(at)) : edits.readUInt32BE(at);
    const mediaTime = isLong ? Number(edits.readBigInt64BE(at + 8)) : edits.readInt32BE(at + 4);
    // -1: silence before the sound.
    if (mediaTime >= 0) seconds += duration / movie.scale;
  }
  return {
    seconds: count === 1 && seconds > 0 ? seconds : undefined,
    // A duration of 0 is all that there is.
    isWhole: seconds === 0 || seconds >= media.duration / media.scale - MOST_PADDING_SECONDS,
  };
}

/** Of `mdhd` or `mvhd`: units a second, and how many of them. */
function timeOf(bytes: Bytes, box: Box | undefined): { scale: number; duration: number } | undefined {
  const content = box ? contentOf(bytes, box) : Buffer.alloc(0);
  // Version 1 writes its dates and the duration in 64 bits.
  const isLong = content[0] === 1;
  if (content.length < (isLong ? 32 : 20)) return undefined;
  const scale = content.readUInt32BE(isLong ? 20 : 12);
  const duration = isLong ? Number(content.readBigUInt64BE(24)) : content.readUInt32BE(16);
  return scale > 0 ? { scale, duration } : undefined;
}
