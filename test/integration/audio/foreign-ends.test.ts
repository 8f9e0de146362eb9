import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExtractedAudio } from '../../../src/audio/audio-engine.js';
import { DEFAULT_DECODE_LIMITS } from '../../../src/audio/decode/audio-decoder.js';
import { createFfmpegDecoder } from '../../../src/audio/decode/ffmpeg-decoder.js';
import type { PooledAudioEngine } from '../../../src/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../src/audio/pool/create-audio-engine.js';
import { ffmpegCommands } from './ffmpeg-from-pypi.js';
import { chance, FOREIGN_ENDS } from './foreign-ends.js';

const files = join(__dirname, '..', '..', 'fixtures', 'audio', 'files');

const FORMATS = [
  'speech.wav',
  'speech.aiff',
  'speech.caf',
  'speech.flac',
  'speech.mp3',
  'speech.aac',
  'speech.latm',
  'speech.amr',
  'speech.3gp',
  'speech.m4a',
  'speech-index-first.m4a',
  'speech-fragmented.mp4',
  'speech.ogg',
  'speech.opus',
  'speech.webm',
  'speech-live.webm',
];

let engine: PooledAudioEngine;
let scratch: string;

beforeAll(async () => {
  engine = await createAudioEngine({ poolSize: 1 });
  scratch = mkdtempSync(join(tmpdir(), 'vachan-ends-'));
}, 300_000);

afterAll(async () => {
  await engine.close();
  rmSync(scratch, { recursive: true });
});

function written(...parts: readonly Buffer[]): string {
  const path = join(scratch, 'clip');
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** What it ends in, so that all that fail are told at once. */
async function endOf(path: string): Promise<ExtractedAudio | string> {
  return engine.extract(path).catch((error: unknown) => String(error));
}

function differs(end: ExtractedAudio | string, whole: ExtractedAudio): string | undefined {
  if (typeof end === 'string') return end;
  if (end.audio.duration_seconds !== whole.audio.duration_seconds) return `${end.audio.duration_seconds} s`;
  const isEqual = end.features.every(
    (value, i) => Math.abs(value - whole.features[i]!) <= 1e-6 * Math.abs(value) + 1e-6,
  );
  return isEqual ? undefined : 'other features';
}

test.each(FORMATS)('whatever follows %s, it sounds as without it', async (name) => {
  const recording = readFileSync(join(files, name));
  const whole = await engine.extract(join(files, name));
  const wrong: Record<string, string> = {};
  for (const [what, end] of FOREIGN_ENDS) {
    const difference = differs(await endOf(written(recording, end)), whole);
    if (difference !== undefined) wrong[what] = difference;
  }
  expect(wrong).toEqual({});
});

test.each(FORMATS)('ffmpeg from PATH reads %s to its end and no further', async (name) => {
  const decoder = createFfmpegDecoder(DEFAULT_DECODE_LIMITS, await ffmpegCommands());
  const recording = readFileSync(join(files, name));
  const whole = await decoder.decode(join(files, name));
  const { audio } = await decoder.decode(written(recording, chance(5_000, 11)));
  expect(audio.duration_seconds).toBeCloseTo(whole.audio.duration_seconds, 2);
});
