import { find, type Bytes } from './bytes.js';
import { concatenated, type FirstFile } from './concatenated.js';
import type { FactsReader } from './sound-facts.js';

/** Bytes of a frame behind its first, by mode. Some modes are reserved; the last ones are frames that were lost or not sent. */
type FrameLengths = readonly (number | undefined)[];
const RESERVED = undefined;
const NARROW: FrameLengths = [12, 13, 15, 17, 19, 20, 26, 31, 5, ...Array<undefined>(6).fill(RESERVED), 0];
const WIDE: FrameLengths = [
  17,
  23,
  32,
  36,
  40,
  46,
  50,
  58,
  60,
  5,
  ...Array<undefined>(4).fill(RESERVED),
  0,
  0,
];

/** Bits of a frame's first byte that are always 0, and the one that says that the frame is whole. */
const PADDING_BITS = 0x83;
const IS_GOOD = 0x04;
/** So many frames in a row are none by chance. */
const SURE_FRAMES = 8;

/** AMR of narrow or of wide band, with its signature before it. */
function amrFacts(signature: string, lengths: FrameLengths): FactsReader {
  const magic = Buffer.from(signature);
  return concatenated(
    (bytes) => firstRow(bytes, magic, lengths),
    (bytes, from) => find(bytes, magic, from),
  );
}
export const narrowAmrFacts = amrFacts('#!AMR\n', NARROW);
export const wideAmrFacts = amrFacts('#!AMR-WB\n', WIDE);

/**
 * Frames in a row, which end at the first byte that cannot begin one, and before frames that say of themselves that they are damaged, up to
 * the end: zeros look like that.
 */
function firstRow(bytes: Bytes, magic: Buffer, lengths: FrameLengths): FirstFile {
  const { at, size } = bytes;
  const start = magic.length;
  const frameLength = (offset: number): number | undefined => {
    const first = at(offset, 1)[0];
    if (first === undefined || (first & PADDING_BITS) !== 0) return undefined;
    const length = lengths[(first >> 3) & 15];
    return length === undefined ? undefined : 1 + length;
  };
  const seen = new Set<number>();
  let end = start;
  let offset = start;
  let statedEnd: number | undefined;
  for (let length = frameLength(offset); length !== undefined; length = frameLength(offset)) {
    const first = at(offset, 1)[0]!;
    const isGood = (first & IS_GOOD) !== 0;
    const next = offset + length;
    if (next > size) {
      // Junk may look like a frame, but hardly like this file's.
      if (isGood && (seen.has(first) || seen.size === 0)) end = statedEnd = next;
      break;
    }
    if (isGood) {
      seen.add(first);
      end = next;
    }
    offset = next;
  }
  if (statedEnd !== undefined) return { facts: { statedEnd }, next: size };
  const soundBytes = end - start;
  if (end === size || at(end, magic.length).equals(magic)) return { facts: { soundBytes }, next: end };
  if (hasRow(end + 1)) return { facts: {}, next: end };
  return { facts: { soundBytes, sections: [{ start: 0, end }] }, next: end };

  /** Whether frames go on behind what seems to be the end: then it is damage, which a decoder must see. */
  function hasRow(from: number): boolean {
    for (const first of seen) {
      const wanted = Buffer.of(first);
      for (let at = find(bytes, wanted, from); at !== undefined; at = find(bytes, wanted, at + 1)) {
        let frames = 0;
        let place = at;
        while (frames < SURE_FRAMES && place < size && bytes.at(place, 1)[0] === first) {
          frames++;
          place += frameLength(place)!;
        }
        if (frames === SURE_FRAMES) return true;
      }
    }
    return false;
  }
}
