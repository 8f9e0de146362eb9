import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtractedAudio } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { audioUnderTest, ffmpegDecoder, FILES } from './audio-under-test.js';
import { chance, FOREIGN_ENDS } from './foreign-ends.js';

const subject = audioUnderTest();
const { written } = subject;

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

/** What it ends in, so that all that fail are told at once. */
async function endOf(path: string): Promise<ExtractedAudio | string> {
  return subject.engine.extract(path).catch((error: unknown) => String(error));
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
  const recording = readFileSync(join(FILES, name));
  const whole = await subject.engine.extract(join(FILES, name));
  const wrong: Record<string, string> = {};
  for (const [what, end] of FOREIGN_ENDS) {
    const difference = differs(await endOf(written(recording, end)), whole);
    if (difference !== undefined) wrong[what] = difference;
  }
  expect(wrong).toEqual({});
});

test.each(FORMATS)('ffmpeg from PATH reads %s to its end and no further', async (name) => {
  const decoder = await ffmpegDecoder();
  const recording = readFileSync(join(FILES, name));
  const whole = await decoder.decode(join(FILES, name));
  const { audio } = await decoder.decode(written(recording, chance(5_000, 11)));
  expect(audio.duration_seconds).toBeCloseTo(whole.audio.duration_seconds, 2);
});
