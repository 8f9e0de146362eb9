import { find, type Bytes } from './bytes.js';
import {
  adtsHeader,
  HEADER_BYTES,
  loasHeader,
  mpegHeader,
  type FrameHeader,
  type ReadHeader,
} from './frame-headers.js';
import { checkSections, type FactsReader, type SoundSection } from './sound-facts.js';
import { id3v2End } from './tags.js';
import { xingHeader } from './xing.js';

/** A format of frames in a row, without a container. */
export interface FrameFormat {
  /** FFmpeg's demuxer. */
  demuxer: string;
  readHeader: ReadHeader;
  /** Every frame's first byte. */
  sync: number;
}

const FRAME_FORMATS: readonly FrameFormat[] = [
  { demuxer: 'mp3', readHeader: mpegHeader, sync: 0xff },
  { demuxer: 'aac', readHeader: adtsHeader, sync: 0xff },
  { demuxer: 'loas', readHeader: loasHeader, sync: 0x56 },
];

/** Places that may be looked at in all for a next frame: bytes that only pretend are no reason to search forever. */
const MOST_CANDIDATES = 200_000;

/** How far behind a tag that says that such a row follows, after padding or not. */
const MOST_PADDING_BYTES = 65_536;

/**
 * The row of frames at `start`. Behind a tag there may be padding first; without a tag, a file of another kind would be taken for one.
 */
export function findFrameRow(
  bytes: Bytes,
  start: number,
): { format: FrameFormat; start: number } | undefined {
  for (const format of FRAME_FORMATS) if (isFrameRow(format, bytes, start)) return { format, start };
  if (start === 0) return undefined;
  const last = Math.min(start + MOST_PADDING_BYTES, bytes.size);
  for (const format of FRAME_FORMATS) {
    const sync = Buffer.of(format.sync);
    for (let at = find(bytes, sync, start); at !== undefined && at < last; at = find(bytes, sync, at + 1)) {
      if (isFrameRow(format, bytes, at)) return { format, start: at };
    }
  }
  return undefined;
}

/** Whether a frame begins there that another one like it follows, or the end of the file. */
function isFrameRow({ demuxer, readHeader }: FrameFormat, bytes: Bytes, offset: number): boolean {
  const frame = readHeader(bytes.at(offset, HEADER_BYTES));
  if (!frame) return false;
  if (isFollowed(bytes, readHeader, offset, frame)) return true;
  return demuxer === 'mp3' && xingHeader(bytes, offset, frame) !== undefined;
}

function isFollowed(
  { at, size }: Bytes,
  readHeader: ReadHeader,
  offset: number,
  frame: FrameHeader,
): boolean {
  const next = offset + frame.length;
  return next === size || readHeader(at(next, HEADER_BYTES))?.kind === frame.kind;
}

/** What a walk over the frames has met. */
interface Row {
  /** Where frames of another kind begin, the first ones included. */
  begins: number[];
  end: number;
  soundBytes: number;
  statedEnd?: number;
  statedSeconds?: number;
}

/**
 * MP3, AAC in ADTS and in LOAS. What is not a frame is passed over: tags and covers in between, damage, and whatever follows the last
 * one. A frame counts when it follows one of its kind at once, or another of its kind follows it; chance bytes do neither.
 *
 * @param start behind the tags at the file's beginning
 */
export function frameRowFacts(format: FrameFormat, start: number): FactsReader {
  return (bytes) => {
    const row = walk(format, bytes, start);
    if (!row || row.begins.length === 0) return {};
    const { begins, end, soundBytes, statedEnd, statedSeconds } = row;
    checkSections(begins.length);
    const isOfOneKind = begins.length === 1;
    const sections = begins.map((begin, index): SoundSection => ({
      start: index === 0 ? 0 : begin,
      end: begins[index + 1] ?? Math.min(end, bytes.size),
      format: format.demuxer,
    }));
    return {
      soundBytes,
      ...(statedEnd !== undefined && { statedEnd }),
      ...(isOfOneKind && statedSeconds !== undefined && { statedSeconds }),
      ...((!isOfOneKind || end < bytes.size) && { sections }),
    };
  };
}

/** @returns undefined where the search for frames was given up */
function walk({ readHeader, demuxer, sync }: FrameFormat, bytes: Bytes, start: number): Row | undefined {
  const { at, size } = bytes;
  const row: Row = { begins: [], end: start, soundBytes: 0 };
  let kind: number | undefined;
  let lastHeader: Buffer = at(start, HEADER_BYTES);
  let offset = start;
  let candidates = 0;
  const first = readHeader(lastHeader);
  const xing = demuxer === 'mp3' && first ? xingHeader(bytes, start, first) : undefined;
  if (xing) {
    offset += first!.length;
    row.end = offset;
    if (xing.statedSeconds !== undefined) row.statedSeconds = xing.statedSeconds;
  }
  while (offset < size) {
    const header = at(offset, HEADER_BYTES);
    const frame = readHeader(header);
    const follows = offset === row.end && frame?.kind === kind;
    if (frame && (follows || isFollowed(bytes, readHeader, offset, frame))) {
      if (frame.kind !== kind) row.begins.push(offset);
      kind = frame.kind;
      offset += frame.length;
      row.soundBytes += Math.min(frame.length, size - offset + frame.length);
      row.end = offset;
      lastHeader = header;
      continue;
    }
    // The file ends within a header like the last one.
    if (offset === row.end && header.length < HEADER_BYTES && startsAlike(header, lastHeader)) {
      row.end = offset + HEADER_BYTES;
      break;
    }
    if (++candidates > MOST_CANDIDATES) return undefined;
    const next = id3v2End(bytes, offset) ?? find(bytes, Buffer.of(sync), offset + 1);
    if (next === undefined) break;
    offset = next;
  }
  if (row.end > size) row.statedEnd = row.end;
  return row;
}

/** Whether what is left of a header begins as the last one did: its first two bytes are the same in every frame. */
function startsAlike(header: Buffer, like: Buffer): boolean {
  return header.length > 0 && header.subarray(0, 2).equals(like.subarray(0, Math.min(2, header.length)));
}
