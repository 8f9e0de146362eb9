import type { FuzzedKind } from '../mutant.js';
import { markedField, MUTATIONS } from '../mutations.js';
import { repairOggChecksums } from './ogg-checksums.js';

/** Where containers keep lengths, counts, rates and channel numbers. */
const MARKERS = [
  ...['RIFF', 'fmt ', 'data', 'fLaC', 'OggS', 'OpusHead', 'vorbis', 'ftyp', 'moov', 'trak', 'mdhd', 'stsd'],
  ...['stts', 'stsc', 'stsz', 'stco', 'esds', 'mp4a', 'samr', 'elst', 'mdat', 'ID3', 'Xing', 'Info', '#!AMR'],
  // Matroska: segment, tracks, track's audio, sampling rate, channels, cluster, simple block.
  ...['\x18\x53\x80\x67', '\x16\x54\xae\x6b', '\xe1', '\xb5', '\x9f', '\x1f\x43\xb6\x75', '\xa3'],
].map((marker) => Buffer.from(marker, 'latin1'));

export const AUDIO: FuzzedKind = {
  mutations: { ...MUTATIONS, marked_field: markedField(MARKERS) },
  repair: repairOggChecksums,
};
