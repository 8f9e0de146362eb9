import { find, type Bytes } from './bytes.js';

/** One page of an Ogg file, as far as its header tells. */
export interface OggPage {
  start: number;
  contentAt: number;
  /** As its table of lengths says; behind the file's end where that is cut. */
  end: number;
  serial: number;
  isFirst: boolean;
  isLast: boolean;
  /** No packet ends on it. */
  isOpen: boolean;
  /** It ends packets that carry no sound yet. */
  isAtZero: boolean;
}

const CAPTURE = Buffer.from('OggS');
const HEADER_BYTES = 27;
const FIRST = 2;
const LAST = 4;

/** Every page; what lies between them or behind the last is passed over. A page whose header is cut is told as longer than the file. */
export function* oggPages(bytes: Bytes): Generator<OggPage> {
  const { at, size } = bytes;
  let offset: number | undefined = 0;
  while (offset !== undefined && offset < size) {
    const header = at(offset, HEADER_BYTES + 255);
    const isPage = CAPTURE.subarray(0, Math.min(4, header.length)).equals(header.subarray(0, 4));
    if (!isPage) {
      offset = find(bytes, CAPTURE, offset + 1);
      continue;
    }
    const page = readPage(header, offset);
    yield page;
    offset = page.end;
  }
}

function readPage(header: Buffer, start: number): OggPage {
  const segments = header.length < HEADER_BYTES ? 0 : header[HEADER_BYTES - 1]!;
  const contentAt = start + HEADER_BYTES + segments;
  const isWhole = header.length >= HEADER_BYTES + segments;
  let length = 0;
  for (let i = HEADER_BYTES; i < HEADER_BYTES + segments && isWhole; i++) length += header[i]!;
  const flags = header.length > 5 ? header[5]! : 0;
  const granule = header.length >= 14 ? header.readBigInt64LE(6) : 0n;
  return {
    start,
    contentAt,
    // A table that is cut stands for at least one byte.
    end: contentAt + (isWhole ? length : 1),
    serial: header.length >= 18 ? header.readUInt32LE(14) : -1,
    isFirst: (flags & FIRST) !== 0,
    isLast: (flags & LAST) !== 0,
    isOpen: granule === -1n,
    isAtZero: granule === 0n,
  };
}
