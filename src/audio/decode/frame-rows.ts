/** Formats without a container: frames in a row, each of which says how long it is. */

/** Random access to a file's bytes. */
export interface Bytes {
  readonly size: number;
  /** Up to `length` bytes; fewer at the end of the file. */
  readonly at: (offset: number, length: number) => Buffer;
}

/** Where the file should end, in bytes, as far as it says so itself; undefined when it does not. */
export type EndFinder = (bytes: Bytes) => number | undefined;

/** Bytes of a frame after its header byte, by mode; reserved modes have none. */
export const AMR_NARROW_FRAMES = [12, 13, 15, 17, 19, 20, 26, 31, 5];
export const AMR_WIDE_FRAMES = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5];

/** @param start bytes before the first frame */
export function amrEnd(start: number, frames: readonly number[]): EndFinder {
  return ({ at, size }) => {
    let offset = start;
    while (offset < size) offset += 1 + (frames[(at(offset, 1)[0]! >> 3) & 15] ?? 0);
    return offset;
  };
}

/** Kilobits a second of MPEG 1 layer 3, and of MPEG 2 and 2.5; 0 is free, which has no length. */
const MP3_BIT_RATES = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const MP3_RATES_HZ = [44_100, 48_000, 32_000];
/** Read at once: a frame of 26 ms is too small to be read alone. */
const PIECE_BYTES = 65_536;
/** As much of a frame as tells its length. */
const HEADER_BYTES = 6;
/** An ID3v2 tag: ten bytes, and a length of four times seven bits. */
const ID3_HEADER_BYTES = 10;

/** Length of the MP3 or ADTS frame that starts with these bytes; undefined where none does, or it does not say. */
function frameLength(header: Buffer): number | undefined {
  if (header.length < HEADER_BYTES || header[0] !== 0xff) return undefined;
  const second = header[1]!;
  // Twelve bits of synchronisation and a layer of zero, which MPEG audio of layers 1 to 3 never has.
  if ((second & 0xf6) === 0xf0) {
    const length = ((header[3]! & 3) << 11) | (header[4]! << 3) | (header[5]! >> 5);
    return length > 7 ? length : undefined;
  }
  // Eleven bits of synchronisation, two of version (1 is reserved), two of layer (layer 3 is 1).
  const version = (second >> 3) & 3;
  if ((second & 0xe6) !== 0xe2 || version === 1) return undefined;
  const kilobits = MP3_BIT_RATES[version === 3 ? 1 : 2][header[2]! >> 4];
  const fullRate = MP3_RATES_HZ[(header[2]! >> 2) & 3];
  if (!kilobits || fullRate === undefined) return undefined;
  const rate = version === 3 ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4;
  const padding = (header[2]! >> 1) & 1;
  return Math.floor(((version === 3 ? 144 : 72) * kilobits * 1_000) / rate) + padding;
}

export const isFrameStart = (header: Buffer): boolean => frameLength(header) !== undefined;

/**
 * MP3 and ADTS. Undefined as soon as something else than a frame follows, as tags do at the end: then the last frame was whole.
 */
export const frameRowEnd: EndFinder = ({ at, size }) => {
  let offset = 0;
  const tag = at(0, ID3_HEADER_BYTES);
  if (tag.toString('latin1', 0, 3) === 'ID3' && tag.length === ID3_HEADER_BYTES) {
    offset = ID3_HEADER_BYTES + tag.subarray(6).reduce((length, byte) => length * 128 + (byte & 127), 0);
  }
  let piece: Buffer = Buffer.alloc(0);
  let pieceAt = 0;
  while (offset < size) {
    if (offset + HEADER_BYTES > pieceAt + piece.length || offset < pieceAt) {
      piece = at(offset, PIECE_BYTES);
      pieceAt = offset;
    }
    const header = piece.subarray(offset - pieceAt, offset - pieceAt + HEADER_BYTES);
    // The file ends within a header.
    if (header.length < HEADER_BYTES && header[0] === 0xff) return offset + HEADER_BYTES;
    const length = frameLength(header);
    if (length === undefined) return undefined;
    offset += length;
  }
  return offset;
};
