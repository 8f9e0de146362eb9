/** Demuxers that media may be read with, by FFmpeg's short names; each reads nothing but the medium's own bytes. */
export const CONTAINERS = [
  ...(['mov', 'matroska', 'wav', 'mp3', 'aac', 'ogg', 'flac'] as const),
  // As recordings read them, too: of telephones, of Apple's, and AAC as broadcasters send it.
  ...(['amr', 'aiff', 'caf', 'loas'] as const),
] as const;
export type Container = (typeof CONTAINERS)[number];

export interface Sniffed {
  container: Container;
  /** A fragmented MP4: its pieces follow one another, and no list of all of them is needed. */
  fragmented: boolean;
}

/** Bytes that are looked at. */
export const SNIFF_BYTES = 64 * 1024;

const MOV_FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp'];
const LONGEST_BOX_HEADER = 16;

/**
 * Tells containers by their first bytes. FFmpeg's own probing is not asked: it would find playlists, which name other files.
 *
 * @param head the first `SNIFF_BYTES`, or the whole medium
 * @returns undefined for everything else
 */
export function sniff(head: Buffer): Sniffed | undefined {
  const container = containerOf(head);
  return container && { container, fragmented: container === 'mov' && isFragmented(head) };
}

function containerOf(head: Buffer): Container | undefined {
  const ascii = (at: number, length: number): string => head.toString('latin1', at, at + length);
  if (MOV_FIRST_BOXES.includes(ascii(4, 4))) return 'mov';
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return 'matroska';
  if (['RIFF', 'RF64', 'BW64'].includes(ascii(0, 4)) && ascii(8, 4) === 'WAVE') return 'wav';
  if (ascii(0, 4) === 'OggS') return 'ogg';
  if (ascii(0, 4) === 'fLaC') return 'flac';
  if (ascii(0, 5) === '#!AMR') return 'amr';
  if (ascii(0, 4) === 'FORM' && ['AIFF', 'AIFC'].includes(ascii(8, 4))) return 'aiff';
  if (ascii(0, 4) === 'caff') return 'caf';
  if (ascii(0, 3) === 'ID3') return behindId3(head);
  return frameContainer(head, 0);
}

/** What follows an ID3v2 tag; behind one that is longer than what was read, MP3 is by far the likeliest. */
function behindId3(head: Buffer): Container | undefined {
  if (head.length < 10) return undefined;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (head[at]! & 0x7f), 0);
  const end = 10 + size;
  if (end + 4 > head.length) return 'mp3';
  if (head.toString('latin1', end, end + 4) === 'fLaC') return 'flac';
  return frameContainer(head, end) ?? 'mp3';
}

/** By the header of a frame: twelve bits set, then the layer, which is 0 in ADTS; LOAS has another mark of eleven bits. */
function frameContainer(head: Buffer, at: number): Container | undefined {
  if (at + 2 > head.length) return undefined;
  const bits = head.readUInt16BE(at);
  if ((bits & 0xfff6) === 0xfff0) return 'aac';
  if ((bits & 0xffe0) === 0x56e0) return 'loas';
  if ((bits & 0xffe0) === 0xffe0 && (bits & 6) !== 0 && (bits & 0x18) !== 8) return 'mp3';
  return undefined;
}

/** A `moof` among the first boxes, or a `moov` that announces them (`mvex`). */
function isFragmented(head: Buffer): boolean {
  for (const { type, start, end } of boxesIn(head, 0, head.length)) {
    if (type === 'moof' || type === 'styp') return true;
    if (type !== 'moov') continue;
    for (const inner of boxesIn(head, start, Math.min(end, head.length)))
      if (inner.type === 'mvex') return true;
  }
  return false;
}

interface Box {
  type: string;
  /** Of its content. */
  start: number;
  end: number;
}

/** Boxes whose headers lie in [from, to) (ISO 14496-12, 4.2). */
function* boxesIn(bytes: Buffer, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to;) {
    const box = readBox(bytes.subarray(at, to), at, Number.MAX_SAFE_INTEGER);
    if (box === undefined) return;
    yield box;
    at = box.end;
  }
}

function readBox(header: Buffer, at: number, fileSize: number): Box | undefined {
  if (header.length < 8) return undefined;
  const type = header.toString('latin1', 4, 8);
  let size = header.readUInt32BE(0);
  let start = at + 8;
  if (size === 1) {
    if (header.length < LONGEST_BOX_HEADER) return undefined;
    size = Number(header.readBigUInt64BE(8));
    start = at + LONGEST_BOX_HEADER;
  } else if (size === 0) size = fileSize - at;
  if (at + size < start) return undefined;
  return { type, start, end: at + size };
}

/** Boxes of a file beyond which none is looked for: real ones have a handful, or a `moov` before their fragments. */
const MOST_BOXES = 64;

/** Whether an MP4 has its index, `moov`, which recorders write when they end: a cut upload has lost it. */
export async function hasIndex(
  size: number,
  readAll: (at: number, length: number) => Promise<Buffer>,
): Promise<boolean> {
  let at = 0;
  for (let boxes = 0; at < size && boxes < MOST_BOXES; boxes++) {
    const box = readBox(await readAll(at, LONGEST_BOX_HEADER), at, size);
    if (box === undefined) return false;
    if (box.type === 'moov') return true;
    at = box.end;
  }
  return false;
}
