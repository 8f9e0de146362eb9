import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import type { PooledAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { RECORDINGS } from './recordings.js';
import { wave } from './wave-kinds.js';

const fixtures = join(__dirname, '..', '..', '..', 'fixtures', 'audio');
const files = join(fixtures, 'files');

let engine: PooledAudioEngine;
let scratch: string;

beforeAll(async () => {
  engine = await createAudioEngine({ poolSize: 2 });
  scratch = mkdtempSync(join(tmpdir(), 'vachan-decode-'));
});

afterAll(async () => {
  await engine.close();
  rmSync(scratch, { recursive: true });
});

function fixture(name: string): Buffer {
  return readFileSync(join(files, name));
}

/** Decodes bytes as a file of their own. */
async function extractBytes(bytes: Buffer) {
  const path = join(scratch, `clip-${Math.random().toString(36).slice(2)}`);
  writeFileSync(path, bytes);
  return engine.extract(path);
}

const facts: [file: string, codec: string, sampleRate: number, channels: number][] = [
  ['speech.wav', 'pcm_s16le', 22_050, 1],
  ['speech-8k.wav', 'pcm_s16le', 8_000, 1],
  ['speech-8bit.wav', 'pcm_u8', 22_050, 1],
  ['speech-24bit.wav', 'pcm_s24le', 11_025, 1],
  ['speech-44k-stereo.wav', 'pcm_s16le', 44_100, 2],
  ['speech.flac', 'flac', 16_000, 1],
  ['speech.mp3', 'mp3', 44_100, 2],
  ['speech.m4a', 'aac', 44_100, 2],
  ['speech.ogg', 'vorbis', 44_100, 2],
  ['speech.opus', 'opus', 48_000, 2],
  ['speech.webm', 'opus', 48_000, 2],
  ['speech.amr', 'amr_nb', 8_000, 1],
  ['speech.3gp', 'amr_nb', 8_000, 1],
  ['speech.aac', 'aac', 16_000, 1],
  ['speech.latm', 'aac_latm', 16_000, 1],
  ['speech.aiff', 'pcm_s16be', 8_000, 1],
  ['speech.caf', 'pcm_s16be', 8_000, 1],
];

const seconds = new Map(RECORDINGS.map((recording) => [recording.name, recording.seconds]));

test.each(facts)(
  '%s is decoded as %s at %i Hz with %i channels',
  async (file, codec, sampleRate, channels) => {
    const { audio } = await engine.extract(join(files, file));
    expect(audio).toMatchObject({ codec, sample_rate: sampleRate, channels, bytes: fixture(file).length });
    expect(audio.duration_seconds).toBeCloseTo(seconds.get(`files/${file}`)!, 2);
  },
);

const golden = JSON.parse(readFileSync(join(fixtures, 'golden', 'files.json'), 'utf8')) as Record<
  string,
  number[]
>;

/**
 * Median over the features of the relative difference from librosa, which decodes with other libraries and resamples
 * with soxr. Decoders differ in how they trim an encoder's padding, which moves a clip of one second most.
 */
const medianTolerance = (file: string): number => {
  if (/-(live|late|index-first)\./.test(file)) return 0.05;
  return /\.(m4a|opus)$/.test(file) ? 0.03 : 5e-4;
};

test.each(Object.keys(golden))('the features of the file %s are near those of librosa', async (file) => {
  const { features } = await engine.extract(join(files, file));
  const differences = golden[file]!.map(
    (expected, i) => Math.abs(features[i]! - expected) / (Math.abs(expected) + 1e-3),
  ).sort((a, b) => a - b);
  expect(features).toHaveLength(FEATURE_NAMES.length);
  expect(differences[Math.floor(differences.length / 2)]).toBeLessThan(medianTolerance(file));
});

/** The mono recording in each of so many channels, by a header that does not tell where they belong. */
function inChannels(mono: Buffer, channels: number): Buffer {
  const dataAt = mono.indexOf('data') + 8;
  const samples = new Int16Array(Uint8Array.from(mono.subarray(dataAt)).buffer);
  const spread = Int16Array.from(
    { length: samples.length * channels },
    (_, i) => samples[Math.floor(i / channels)]!,
  );
  const header = Buffer.from(mono.subarray(0, dataAt));
  const bytesPerFrame = 2 * channels;
  header.writeUInt32LE(dataAt - 8 + spread.byteLength, 4);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(header.readUInt32LE(24) * bytesPerFrame, 28);
  header.writeUInt16LE(bytesPerFrame, 32);
  header.writeUInt32LE(spread.byteLength, dataAt - 4);
  return Buffer.concat([header, Buffer.from(spread.buffer)]);
}

test.each([2, 3, 5])('%i channels of unknown places are averaged', async (channels) => {
  const mono = fixture('speech.wav');
  const [{ features, audio }, expected] = [
    await extractBytes(inChannels(mono, channels)),
    await extractBytes(mono),
  ];
  expect(audio.channels).toBe(channels);
  for (const [i, value] of features.entries()) {
    expect(Math.abs(value - expected.features[i]!)).toBeLessThanOrEqual(1e-4 * Math.abs(value) + 1e-6);
  }
});

test('an empty file is AudioEmpty', async () => {
  await expect(extractBytes(Buffer.alloc(0))).rejects.toMatchObject({ name: 'AudioEmpty' });
});

const undecodable: [what: string, bytes: () => Buffer][] = [
  ['text', () => Buffer.from('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
  ['zeros', () => Buffer.alloc(50_000)],
  [
    'noise',
    () => Buffer.from(Array.from({ length: 50_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 255)),
  ],
  ['the header of a wav without sound', () => wavWithoutSound()],
  ['an m4a without its index', () => withoutIndex(fixture('speech.m4a'))],
  ['a playlist', () => Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n')],
  ['a list of files to join', () => Buffer.from(`ffconcat version 1.0\nfile ${join(files, 'speech.wav')}\n`)],
];

function wavWithoutSound(): Buffer {
  const header = Buffer.from(fixture('speech.wav').subarray(0, 44));
  header.writeUInt32LE(0, 40);
  return header;
}

/** Everything before the `moov` box, which ffmpeg writes last. */
function withoutIndex(m4a: Buffer): Buffer {
  return m4a.subarray(0, m4a.indexOf('moov') - 4);
}

test.each(undecodable)('%s is AudioUndecodable', async (_what, bytes) => {
  await expect(extractBytes(bytes())).rejects.toMatchObject({ name: 'AudioUndecodable', retryable: false });
});

/** A wav of 32-bit floating point samples, mono, 22,050 Hz. */
const floatWav = (samples: Float32Array): Buffer => wave(Buffer.from(samples.buffer), { tag: 3, bits: 32 });

test.each([NaN, Infinity, 3e38])(
  'a floating point recording that holds %d is AudioUndecodable',
  async (value) => {
    const samples = new Float32Array(22_050).fill(0.1);
    await expect(extractBytes(floatWav(samples))).resolves.toMatchObject({ audio: { codec: 'pcm_f32le' } });
    samples[5_000] = value;
    await expect(extractBytes(floatWav(samples))).rejects.toMatchObject({ name: 'AudioUndecodable' });
  },
);

test('one sample is a recording', async () => {
  await expect(extractBytes(floatWav(Float32Array.of(0.5)))).resolves.toMatchObject({
    audio: { duration_seconds: 1 / 22_050 },
  });
});

test('a file that is gone costs itself, not its batch', async () => {
  await expect(engine.extract(join(scratch, 'gone'))).rejects.toMatchObject({ name: 'AudioDecoderCrashed' });
});

test('a video without sound is AudioUndecodable and says so', async () => {
  await expect(engine.extract(join(files, 'video-only.mp4'))).rejects.toThrow('no audio stream');
});

test.each([
  'speech.wav',
  'speech.flac',
  'speech.mp3',
  'speech.ogg',
  'speech.opus',
  'speech.webm',
  'speech.amr',
  'speech.3gp',
  'speech.m4a',
])('half of %s is an error, never a shorter recording', async (file) => {
  const whole = fixture(file);
  await expect(extractBytes(whole.subarray(0, Math.floor(whole.length / 2)))).rejects.toMatchObject({
    name: expect.stringMatching(/^Audio(Truncated|Undecodable)$/) as string,
  });
});
