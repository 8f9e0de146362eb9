import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AudioDecoder } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import { extractFeatures } from '../../../../src/pipelines/recordings/audio/features/extract-features.js';
import { audioUnderTest, ffmpegDecoder, FIXTURES } from './audio-under-test.js';
import { RECORDINGS } from './recordings.js';

const subject = audioUnderTest();
let fromPath: AudioDecoder;

beforeAll(async () => {
  fromPath = await ffmpegDecoder();
}, 300_000);

test('every recording among the fixtures is in the table', () => {
  const found = ['files', 'received'].flatMap((folder) =>
    readdirSync(join(FIXTURES, folder)).map((name) => `${folder}/${name}`),
  );
  expect(found.sort()).toEqual([...RECORDINGS.map(({ name }) => name), 'files/video-only.mp4'].sort());
});

test.each(RECORDINGS)('both decoders read $name to its end', async ({ path, seconds }) => {
  const here = await subject.engine.extract(path);
  const there = await fromPath.decode(path);
  expect(Math.abs(here.audio.duration_seconds - seconds)).toBeLessThan(0.01);
  expect(Math.abs(there.audio.duration_seconds - seconds)).toBeLessThan(0.01);
  const { codec, sample_rate, channels, bytes } = here.audio;
  expect(there.audio).toMatchObject({ codec, sample_rate, channels, bytes });
  const differences = [...extractFeatures(there.samples)]
    .map((value, i) => Math.abs(value - here.features[i]!) / (Math.abs(value) + 1e-3))
    .sort((a, b) => a - b);
  // Versions of FFmpeg trim the padding of Opus in WebM otherwise, by some milliseconds.
  const tolerance = path.endsWith('.webm') ? 0.03 : 5e-3;
  expect(differences[Math.floor(differences.length / 2)]).toBeLessThan(tolerance);
});

const golden = JSON.parse(readFileSync(join(FIXTURES, 'golden', 'received.json'), 'utf8')) as Record<
  string,
  number[]
>;

test.each(RECORDINGS.filter(({ name }) => basename(name) in golden))(
  'the features of $name are near those of librosa',
  async ({ name, path }) => {
    const { features } = await subject.engine.extract(path);
    const differences = golden[basename(name)]!.map(
      (expected, i) => Math.abs(features[i]! - expected) / (Math.abs(expected) + 1e-3),
    ).sort((a, b) => a - b);
    expect(differences[Math.floor(differences.length / 2)]).toBeLessThan(0.01);
  },
);

/** Files that end in an error, and in which, by what is done to a fixture. */
const broken: [what: string, bytes: () => Buffer, name: string][] = [
  ['half a wav', () => part('speech.wav', 0.5), 'AudioTruncated'],
  ['half an m4a', () => part('speech.m4a', 0.5), 'AudioTruncated'],
  ['half an opus', () => part('speech.opus', 0.5), 'AudioTruncated'],
  ['half a flac', () => part('speech.flac', 0.5), 'AudioTruncated'],
  ['half an mp3', () => part('speech.mp3', 0.5), 'AudioTruncated'],
  ['a picture', () => part('video-only.mp4', 1), 'AudioUndecodable'],
  ['text', () => Buffer.from('<?xml version="1.0"?><Error/>'), 'AudioUndecodable'],
  ['nothing', () => Buffer.alloc(0), 'AudioEmpty'],
];

function part(name: string, share: number): Buffer {
  const whole = readFileSync(join(FIXTURES, 'files', name));
  return whole.subarray(0, Math.floor(whole.length * share));
}

test.each(broken)('both decoders refuse %s by the same name', async (_what, bytes, name) => {
  const path = subject.written(bytes());
  await expect(subject.engine.extract(path)).rejects.toMatchObject({ name });
  await expect(fromPath.decode(path)).rejects.toMatchObject({ name });
});
