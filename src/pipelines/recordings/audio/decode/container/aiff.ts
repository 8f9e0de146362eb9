import type { Bytes } from './bytes.js';
import { provenEnd } from './placeholder.js';
import { MAX_ELEMENTS, type SoundFacts } from './sound-facts.js';

/** Of the chunk `SSND`, before the sound: where it begins, and what it is aligned to. */
const SOUND_HEADER_BYTES = 8;

/** AIFF and AIFF-C. */
export function aiffFacts({ at, size }: Bytes): SoundFacts {
  const formEnd = 8 + at(4, 4).readUInt32BE();
  let offset = 12;
  for (let chunks = 0; offset + 8 + SOUND_HEADER_BYTES <= size && chunks < MAX_ELEMENTS; chunks++) {
    const header = at(offset, 8 + SOUND_HEADER_BYTES);
    const length = header.readUInt32BE(4);
    if (header.toString('latin1', 0, 4) === 'SSND') {
      const end = offset + 8 + length;
      const start = offset + header.length + header.readUInt32BE(8);
      const statedEnd = provenEnd(end, formEnd, size);
      const soundBytes = Math.max(0, Math.min(end, size) - start);
      return { ...(statedEnd !== undefined && { statedEnd }), soundBytes };
    }
    offset += 8 + length + (length % 2);
  }
  return {};
}

/** Apple's Core Audio Format. Its last chunk may leave its length open. */
export function cafFacts({ at, size }: Bytes): SoundFacts {
  let offset = 8;
  for (let chunks = 0; offset + 12 <= size && chunks < MAX_ELEMENTS; chunks++) {
    const header = at(offset, 12);
    const length = Number(header.readBigInt64BE(4));
    if (length < 0) return {};
    // Before the sound, how often it was edited.
    if (header.toString('latin1', 0, 4) === 'data') {
      const end = offset + 12 + length;
      const statedEnd = provenEnd(end, end, size);
      const soundBytes = Math.max(0, Math.min(end, size) - offset - 16);
      return { ...(statedEnd !== undefined && { statedEnd }), soundBytes };
    }
    offset += 12 + length;
  }
  return {};
}
