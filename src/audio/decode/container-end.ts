import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AudioEmpty, AudioTruncated } from '../../platform/errors.js';
import {
  AMR_NARROW_FRAMES,
  AMR_WIDE_FRAMES,
  amrEnd,
  frameRowEnd,
  isFrameStart,
  type Bytes,
  type EndFinder,
} from './frame-rows.js';

/** Lengths that a header states once, for all that follows: writers that round them up are wrong by less; a cut is not. */
const TOLERATED_MISSING_SHARE = 0.01;
/** Enough chunks, boxes or elements to find the sound's; a file with more is a maze, not a recording. */
const MAX_ELEMENTS = 100_000;
/** Lengths that streaming writers leave in a header that they cannot go back to. */
const UNKNOWN_LENGTHS: readonly number[] = [0, 0x7fffffff, 0xffffffff];

function riffEnd({ at, size }: Bytes): number | undefined {
  for (let offset = 12, chunks = 0; offset + 8 <= size && chunks < MAX_ELEMENTS; chunks++) {
    const header = at(offset, 8);
    const length = header.readUInt32LE(4);
    if (header.toString('latin1', 0, 4) === 'data') {
      return UNKNOWN_LENGTHS.includes(length) ? undefined : offset + 8 + length;
    }
    offset += 8 + length + (length % 2);
  }
  return undefined;
}

/** MP4, M4A, 3GP: a row of boxes. */
function isoMediaEnd({ at, size }: Bytes): number | undefined {
  let offset = 0;
  for (let boxes = 0; offset + 8 <= size && boxes < MAX_ELEMENTS; boxes++) {
    const header = at(offset, 16);
    let length = header.readUInt32BE(0);
    if (length === 1 && header.length === 16) length = Number(header.readBigUInt64BE(8));
    // 0: to the end of the file, wherever that is. Less than its own header: no box.
    if (length < 8) return undefined;
    offset += length;
  }
  return offset;
}

/** WebM: the segment's length, or where it is left open those of its clusters as far as they are stated. */
function matroskaEnd(bytes: Bytes): number | undefined {
  const segmentId = 0x18538067;
  let offset = 0;
  for (let elements = 0; offset < bytes.size && elements < MAX_ELEMENTS; elements++) {
    const element = ebmlElement(bytes, offset);
    if (!element) return undefined;
    const { id, contentAt, length } = element;
    if (length !== undefined) offset = contentAt + length;
    else if (id === segmentId) offset = contentAt;
    else return undefined;
  }
  return offset;
}

function ebmlElement(
  { at }: Bytes,
  offset: number,
): { id: number; contentAt: number; length: number | undefined } | undefined {
  const header = at(offset, 12);
  const idLength = header.length > 0 ? Math.clz32(header[0]!) - 23 : 5;
  if (idLength > 4 || header.length <= idLength) return undefined;
  const first = header[idLength]!;
  const lengthLength = Math.clz32(first) - 23;
  if (lengthLength > 8 || header.length < idLength + lengthLength) return undefined;
  let length = first & (0xff >> lengthLength);
  let unknown = length === 0xff >> lengthLength;
  for (let i = 1; i < lengthLength; i++) {
    const byte = header[idLength + i]!;
    unknown &&= byte === 0xff;
    length = length * 256 + byte;
  }
  return {
    id: header.readUIntBE(0, idLength),
    contentAt: offset + idLength + lengthLength,
    length: unknown ? undefined : length,
  };
}

function oggEnd({ at, size }: Bytes): number | undefined {
  const fixedHeader = 27;
  let offset = 0;
  for (let pages = 0; offset < size && pages < MAX_ELEMENTS; pages++) {
    const header = at(offset, fixedHeader + 255);
    if (header.toString('latin1', 0, 4) !== 'OggS') return undefined;
    const segments = header[fixedHeader - 1] ?? 0;
    const lacing = header.subarray(fixedHeader, fixedHeader + segments);
    // A page whose own table is cut is longer than the file in any case.
    if (lacing.length < segments || header.length < fixedHeader) return offset + fixedHeader + segments + 1;
    offset += fixedHeader + segments + lacing.reduce((sum, length) => sum + length, 0);
  }
  return offset;
}

/** `exact`: the last page or frame is there as a whole or it is not. */
interface Rule {
  find: EndFinder;
  exact: boolean;
}

function ruleFor(head: Buffer): Rule | undefined {
  const text = head.toString('latin1');
  const stated = (find: EndFinder): Rule => ({ find, exact: false });
  const walked = (find: EndFinder): Rule => ({ find, exact: true });
  if (text.startsWith('RIFF') && text.startsWith('WAVE', 8)) return stated(riffEnd);
  if (text.startsWith('ftyp', 4)) return stated(isoMediaEnd);
  if (text.startsWith('OggS')) return walked(oggEnd);
  if (text.startsWith('#!AMR\n')) return walked(amrEnd(6, AMR_NARROW_FRAMES));
  if (text.startsWith('#!AMR-WB\n')) return walked(amrEnd(9, AMR_WIDE_FRAMES));
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return stated(matroskaEnd);
  if (text.startsWith('ID3') || isFrameStart(head)) return walked(frameRowEnd);
  return undefined;
}

/**
 * Checks a file before it is decoded: decoders read a cut file as a shorter recording without a word.
 * FLAC and most MP3 state a duration as well, which is compared after decoding.
 *
 * What cannot be known: an Ogg, AMR, AAC or MP3 file that was cut between two pages or frames and states no duration. The last
 * page of an Ogg file should be marked as such, but Android's own writer never does it, so a missing mark is no sign of a cut.
 *
 * @throws AudioEmpty when it holds no bytes
 * @throws AudioTruncated when it ends before its container does
 */
export function checkContainerEnd(path: string): void {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size === 0) throw new AudioEmpty('Audio file holds 0 bytes');
    const bytes: Bytes = {
      size,
      at(offset, length) {
        const buffer = Buffer.alloc(length);
        return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
      },
    };
    const rule = ruleFor(bytes.at(0, 16));
    const end = rule?.find(bytes);
    if (end !== undefined && end - size > (rule?.exact ? 0 : TOLERATED_MISSING_SHARE * size)) {
      throw new AudioTruncated(`Audio file holds ${size} bytes, but its container states ${end}`);
    }
  } finally {
    closeSync(file);
  }
}
