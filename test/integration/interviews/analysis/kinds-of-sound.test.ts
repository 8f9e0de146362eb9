import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioPart } from '../../../../src/pipelines/interviews/contract/audio-part.js';
import { createMediaEngine } from '../../../../src/pipelines/interviews/media/create-media-engine.js';
import type { MediaEngine } from '../../../../src/pipelines/interviews/media/media-engine.js';
import { openFileSource } from '../../../../src/pipelines/interviews/media/sources/file-source.js';
import { wavSamples } from '../../../../tools/models/wav-samples.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const PCM = 1;
const FLOAT = 3;

/** A WAV file that says how many channels it has, and not which. */
function wavOf(
  channels: readonly Float32Array[],
  { format, bits }: { format: number; bits: number },
): Buffer {
  const width = bits / 8;
  const samples = channels[0]!.length;
  const data = Buffer.alloc(samples * channels.length * width);
  for (let index = 0; index < samples; index++) {
    for (const [channel, { [index]: sample = 0 }] of channels.entries()) {
      const at = (index * channels.length + channel) * width;
      if (format === FLOAT) data[bits === 32 ? 'writeFloatLE' : 'writeDoubleLE'](sample, at);
      // Eight bits have no sign.
      else if (bits === 8) data.writeUInt8(Math.round(sample * 127) + 128, at);
      else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, width);
    }
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels.length, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(16_000 * channels.length * width, 28);
  head.writeUInt16LE(channels.length * width, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

describe('sound of every kind', () => {
  let folder: string;
  let engine: MediaEngine;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-sound-'));
    engine = await createMediaEngine({ size: 1, models: join(projectRoot(), 'models'), transcriber: 'off' });
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  async function hear(path: string): Promise<AudioPart> {
    const source = await openFileSource(path);
    try {
      return (await engine.pass(source, {})).audio!;
    } finally {
      await source.close();
    }
  }

  it.each([
    'en-story-1.flac',
    'en-story-2.wav',
    'en-story-3.opus',
    'en-story-4.m4a',
    'hi-story-1.ogg',
    'hi-story-2.webm',
    'hi-story-4.mp3',
    'hi-story-3.3gp',
    'mr-story-5.amr',
  ])('holds speech in %s', async (name) => {
    const { speech, heard_seconds } = await hear(join(projectRoot(), 'samples', name));
    expect(heard_seconds).toBeGreaterThan(6);
    expect(speech.reduce((sum, { start, end }) => sum + end - start, 0)).toBeGreaterThan(heard_seconds / 2);
  });

  const reading = wavSamples('samples/en-story-2.wav').subarray(0, 48_000);
  it.each([
    [PCM, 8, 1],
    [PCM, 16, 2],
    [PCM, 16, 3],
    [PCM, 16, 6],
    [PCM, 24, 1],
    [PCM, 32, 2],
    [FLOAT, 32, 1],
    [FLOAT, 64, 2],
  ])('is the same in a wav of format %i, %i bits and %i channels', async (format, bits, count) => {
    const path = join(folder, `${format}-${bits}-${count}.wav`);
    writeFileSync(path, wavOf(Array<Float32Array>(count).fill(reading), { format, bits }));
    const part = await hear(path);
    expect(part).toMatchObject({ channels: count, rate: 16_000, heard_seconds: 3 });
    const rms = Math.sqrt(reading.reduce((sum, sample) => sum + sample * sample, 0) / reading.length);
    // Eight bits are 256 steps.
    expect(Math.sqrt(part.level.square_sum / part.level.samples) / rms).toBeCloseTo(1, bits === 8 ? 1 : 2);
    expect(part.speech.length).toBeGreaterThan(0);
  });
});
