import { AudioUndecodable } from '../../../errors.js';
import type { SoundSection } from './sound-facts.js';

const TAG_INTEGER = 1;
const TAG_FLOAT = 3;
const TAG_EXTENSIBLE = 0xfffe;
/** What follows the two bytes of the tag in the sub-format of WAVE_FORMAT_EXTENSIBLE. */
const SUB_FORMAT_REST = '000000001000800000aa00389b71';

/** A `fmt ` chunk. */
export interface WaveFormat {
  /** Of the sub-format, if there is one. */
  tag: number;
  channels: number;
  sampleRate: number;
  bytesPerSecond: number;
  /** Bytes of one sample of each channel, as stated. */
  blockAlign: number;
  bits: number;
  /** Of so many bits only these carry sound; 0 when it does not say. */
  validBits: number;
  bigEndian: boolean;
}

/** @param chunk the content of `fmt ` */
export function waveFormat(chunk: Buffer, bigEndian: boolean): WaveFormat | undefined {
  if (chunk.length < 16) return undefined;
  const u16 = (at: number): number => (bigEndian ? chunk.readUInt16BE(at) : chunk.readUInt16LE(at));
  const u32 = (at: number): number => (bigEndian ? chunk.readUInt32BE(at) : chunk.readUInt32LE(at));
  let tag = u16(0);
  let validBits = 0;
  if (tag === TAG_EXTENSIBLE && chunk.length >= 40) {
    validBits = u16(18);
    if (chunk.toString('hex', 26, 40) === SUB_FORMAT_REST) tag = u16(24);
  }
  return {
    tag,
    channels: u16(2),
    sampleRate: u32(4),
    bytesPerSecond: u32(8),
    blockAlign: u16(12),
    bits: u16(14),
    validBits,
    bigEndian,
  };
}

/** FFmpeg's demuxers of bare samples, by bytes a sample. */
const INTEGERS: Readonly<Record<number, string>> = { 1: 'u8', 2: 's16', 3: 's24', 4: 's32' };
const FLOATS: Readonly<Record<number, string>> = { 4: 'f32', 8: 'f64' };

/** Names of them all, for FFmpeg's list of what may be opened. */
export const SAMPLE_DEMUXERS: readonly string[] = ['u8', 's16', 's24', 's32', 'f32', 'f64'].flatMap((name) =>
  name === 'u8' ? [name] : [`${name}le`, `${name}be`],
);

/**
 * Bytes that one sample of one channel takes. The valid bits stand at the top of them. Where the bits and the block's alignment
 * disagree, the bytes a second decide.
 */
function containerBytes({ channels, sampleRate, bytesPerSecond, blockAlign, bits }: WaveFormat): number {
  const ofBits = Math.ceil(bits / 8);
  const ofBlock = blockAlign / channels;
  if (!Number.isInteger(ofBlock) || ofBlock < ofBits || ofBlock > 8) return ofBits;
  return bytesPerSecond === sampleRate * channels * ofBits ? ofBits : ofBlock;
}

/**
 * How bare samples are to be read where FFmpeg would read them otherwise: it takes big-endian samples for little-endian ones, and the
 * valid bits for the bits there are.
 *
 * @param always also where FFmpeg would read them right, if it found them
 * @returns undefined where FFmpeg reads them right, or the sound is no bare samples
 * @throws AudioUndecodable for floating point numbers of a width that does not exist
 */
export function sampleReading(
  format: WaveFormat,
  always: boolean,
): Pick<SoundSection, 'format' | 'samples'> | undefined {
  const { tag, channels, sampleRate, bits, blockAlign, validBits, bigEndian } = format;
  if ((tag !== TAG_INTEGER && tag !== TAG_FLOAT) || channels === 0 || bits === 0) return undefined;
  const bytes = containerBytes(format);
  const name = (tag === TAG_FLOAT ? FLOATS : INTEGERS)[bytes];
  if (name === undefined) {
    if (tag === TAG_INTEGER && !bigEndian) return undefined;
    const kind = tag === TAG_FLOAT ? 'floating point' : 'big-endian integer';
    throw new AudioUndecodable(`Audio cannot be decoded: ${kind} samples of ${bits} bits`);
  }
  const readByFfmpeg = Math.ceil((validBits || bits) / 8);
  const isPlain = readByFfmpeg === bytes && blockAlign === bytes * channels && !bigEndian;
  if (isPlain && !always) return undefined;
  const order = bytes === 1 ? '' : bigEndian ? 'be' : 'le';
  return { format: `${name}${order}`, samples: { sampleRate, channels } };
}
