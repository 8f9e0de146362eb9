import { find, type Bytes } from './bytes.js';
import { concatenated, type FirstFile } from './concatenated.js';
import { isMeasured, provenEnd } from './placeholder.js';
import { MAX_ELEMENTS } from './sound-facts.js';
import { sampleReading, waveFormat, type WaveFormat } from './wave-format.js';

const FORM_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** As much of a chunk as is read: of `fmt `, all of it. */
const CONTENT_BYTES = 40;
/** The 32-bit length that says that the real one stands in `ds64`. */
const SEE_DS64 = 0xffffffff;
const RIFF = Buffer.from('RIFF');

/** RIFF, its big-endian twin RIFX, and the long forms RF64 and BW64. */
export const riffFacts = concatenated(firstWave, (bytes, from) => {
  const start = find(bytes, RIFF, from);
  return start !== undefined && bytes.at(start + 8, 4).toString('latin1') === 'WAVE' ? start : undefined;
});

/** What the header says of the sound. */
interface DataChunk {
  /** In bytes. */
  start: number;
  length: number;
  /** Where the whole form ends. */
  formEnd: number;
  format: WaveFormat | undefined;
  /** FFmpeg does not find the sound of such a file. */
  isIrregular: boolean;
}

function firstWave(bytes: Bytes): FirstFile {
  const chunk = dataChunk(bytes);
  if (!chunk) return { facts: {}, next: bytes.size };
  const { start, length, formEnd, format, isIrregular } = chunk;
  const { size } = bytes;
  const statedEnd = provenEnd(start + length, formEnd, size);
  const isStale = length > 0 && isOutgrown(bytes, start, length);
  const end = length > 0 && !isStale ? Math.min(start + length, size) : size;
  const reading = format && sampleReading(format, isIrregular || isStale);
  return {
    facts: {
      ...(statedEnd !== undefined && { statedEnd }),
      soundBytes: end - start,
      ...(reading && { sections: [{ start, end, ...reading }] }),
    },
    next: end,
  };
}

function dataChunk({ at, size }: Bytes): DataChunk | undefined {
  const kind = at(0, 4).toString('latin1');
  const bigEndian = kind === 'RIFX';
  const isLong = kind === 'RF64' || kind === 'BW64';
  const u32 = (offset: number): number =>
    bigEndian ? at(offset, 4).readUInt32BE() : at(offset, 4).readUInt32LE();
  let long = { form: 0, data: 0 };
  let format: WaveFormat | undefined;
  let isIrregular = false;
  let offset = FORM_HEADER_BYTES;
  for (let chunks = 0; offset + CHUNK_HEADER_BYTES <= size && chunks < MAX_ELEMENTS; chunks++) {
    const name = at(offset, 4).toString('latin1');
    const length = u32(offset + 4);
    const contentAt = offset + CHUNK_HEADER_BYTES;
    if (name === 'data') {
      const stated = isLong && length === SEE_DS64 ? long : { form: u32(4), data: length };
      const isTold = !isLong || isMeasured(stated.data);
      return {
        start: contentAt,
        length: isTold ? stated.data : 0,
        formEnd: CHUNK_HEADER_BYTES + stated.form,
        format,
        isIrregular: isIrregular || !isTold,
      };
    }
    const content = at(contentAt, Math.min(length, CONTENT_BYTES));
    if (name === 'fmt ') format = waveFormat(content, bigEndian);
    if (name === 'ds64' && content.length >= 16) {
      long = { form: Number(content.readBigUInt64LE(0)), data: Number(content.readBigUInt64LE(8)) };
    }
    offset = contentAt + length;
    // Chunks begin at even places, but not every writer has heard of it.
    const isUnpadded = length % 2 === 1 && isKnown(at(offset, 4)) && !isKnown(at(offset + 1, 4));
    if (isUnpadded) isIrregular = true;
    else offset += length % 2;
  }
  return undefined;
}

/** So many times what the header states, behind it, are no tag. */
const OUTGROWN = 2;

/**
 * Whether a recorder was killed between two updates of its header: what follows is neither a chunk nor padding, and the most of the file.
 */
function isOutgrown({ at, size }: Bytes, start: number, length: number): boolean {
  const end = start + length;
  if (size - end < OUTGROWN * length || isChunkName(at(end, 4))) return false;
  return at(end, 64).some((byte) => byte !== 0);
}

/** Chunks that stand before the sound, or around it. */
const KNOWN_CHUNK =
  /^(?:fmt |data|fact|ds64|LIST|bext|JUNK|junk|PAD |FLLR|PEAK|cue |smpl|inst|plst|iXML|axml|chna|cart|id3 |ID3 |DISP|umid|minf|regn|afsp|_PMX)$/;
const isKnown = (name: Buffer): boolean => KNOWN_CHUNK.test(name.toString('latin1'));

/** Four printable characters. */
function isChunkName(four: Buffer): boolean {
  return four.length === 4 && four.every((byte) => byte >= 0x20 && byte < 0x7f);
}
