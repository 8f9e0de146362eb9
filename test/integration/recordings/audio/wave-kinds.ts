import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const speech = readFileSync(join(__dirname, '..', '..', '..', 'fixtures', 'audio', 'files', 'speech.wav'));
const data = speech.subarray(speech.indexOf('data') + 8);
/** The fixture's samples: mono, 22,050 Hz, 16 bits. */
export const SAMPLES = Array.from({ length: data.length / 2 }, (_, i) => data.readInt16LE(2 * i));

/** A `fmt ` chunk's fields, where they are not those of plain 16 bits mono. */
export interface Fields {
  tag?: number;
  channels?: number;
  bits?: number;
  /** Makes it a WAVE_FORMAT_EXTENSIBLE. */
  validBits?: number;
  blockAlign?: number;
  bytesPerSecond?: number;
}

export interface Form {
  magic?: 'RIFF' | 'RIFX' | 'RF64' | 'BW64';
  /** As the header states it. */
  formLength?: number;
  dataLength?: number;
  /** Chunks before `fmt `, and between it and `data`. */
  first?: Buffer;
  between?: Buffer;
}

/** A WAV file of these bytes of sound, with as wrong a header as asked for. */
export function wave(sound: Buffer, fields: Fields = {}, form: Form = {}): Buffer {
  const { magic = 'RIFF', first = Buffer.alloc(0), between = Buffer.alloc(0) } = form;
  const numbers = magic === 'RIFX' ? BIG : LITTLE;
  const head = Buffer.concat([
    first,
    chunk('fmt ', formatChunk(fields, numbers), undefined, numbers),
    between,
    chunk('data', sound, form.dataLength, numbers),
  ]);
  const formLength = form.formLength ?? 4 + head.length;
  return Buffer.concat([Buffer.from(magic), numbers.u32(formLength), Buffer.from('WAVE'), head]);
}

/** Every sample written by `write` in so many bytes. */
export function samplesAs(bytes: number, write: (to: Buffer, at: number, sample: number) => void): Buffer {
  const sound = Buffer.alloc(SAMPLES.length * bytes);
  SAMPLES.forEach((sample, i) => write(sound, i * bytes, sample));
  return sound;
}

export function chunk(name: string, content: Buffer, length = content.length, numbers = LITTLE): Buffer {
  return Buffer.concat([Buffer.from(name), numbers.u32(length), content]);
}

interface Numbers {
  u16: (value: number) => Buffer;
  u32: (value: number) => Buffer;
}

const LITTLE: Numbers = {
  u16: (value) => Buffer.from(Uint16Array.of(value).buffer),
  u32: (value) => Buffer.from(Uint32Array.of(value).buffer),
};
const BIG: Numbers = {
  u16: (value) => LITTLE.u16(value).swap16(),
  u32: (value) => LITTLE.u32(value).swap32(),
};

function formatChunk(
  { tag = 1, channels = 1, bits = 16, validBits, blockAlign, bytesPerSecond }: Fields,
  { u16, u32 }: Numbers,
): Buffer {
  const align = blockAlign ?? channels * Math.ceil(bits / 8);
  const plain = [u16(channels), u32(22_050), u32(bytesPerSecond ?? 22_050 * align), u16(align), u16(bits)];
  if (validBits === undefined) return Buffer.concat([u16(tag), ...plain]);
  const guid = Buffer.from('000000001000800000aa00389b71', 'hex');
  return Buffer.concat([u16(0xfffe), ...plain, u16(22), u16(validBits), u32(4), u16(tag), guid]);
}
