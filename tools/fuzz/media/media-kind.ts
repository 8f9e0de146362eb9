import { repairOggChecksums } from '../audio/ogg-checksums.js';
import type { FuzzedKind } from '../mutant.js';
import { markedField, MUTATIONS } from '../mutations.js';
import { referring } from './references.js';

/** Where containers keep lengths, counts, times, sizes of pictures and places of keyframes. */
const MARKERS = [
  ...['ftyp', 'moov', 'mvhd', 'trak', 'tkhd', 'mdhd', 'hdlr', 'stsd', 'avc1', 'avcC', 'hvc1', 'hvcC', 'av01'],
  ...['stts', 'ctts', 'stss', 'stsc', 'stsz', 'stco', 'elst', 'mp4a', 'esds', 'mvex', 'trex', 'moof', 'tfhd'],
  ...['tfdt', 'trun', 'mdat', 'OggS', 'OpusHead', 'RIFF', 'fmt ', 'data'],
  // Matroska: segment, info, scale of times, duration, tracks, width, height, cluster, its time, simple block.
  ...['\x18\x53\x80\x67', '\x15\x49\xa9\x66', '\x2a\xd7\xb1', '\x44\x89', '\x16\x54\xae\x6b', '\xb0', '\xba'],
  ...['\x1f\x43\xb6\x75', '\xe7', '\xa3', '\x9d\x01\x2a'],
].map((marker) => Buffer.from(marker, 'latin1'));

/** @param references that files are made to name; none leaves that out */
export function mediaKind(references: readonly string[] = []): FuzzedKind {
  return {
    mutations: {
      ...MUTATIONS,
      marked_field: markedField(MARKERS),
      ...(references.length > 0 && { reference: referring(references) }),
    },
    repair: repairOggChecksums,
  };
}
