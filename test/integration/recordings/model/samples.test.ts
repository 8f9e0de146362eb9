import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PooledAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { AudioError } from '../../../../src/pipelines/recordings/errors.js';

interface Sample {
  file: string;
  expected: 'normal' | 'anomaly' | 'unusable';
  anomaly: string | null;
  seconds: number | null;
  /** Of unusable samples only: the class of the error. */
  error?: string;
}

const ROOT = join(__dirname, '..', '..', '..', '..');
const { samples } = JSON.parse(readFileSync(join(ROOT, 'samples/manifest.json'), 'utf8')) as {
  samples: Sample[];
};
const path = (sample: Sample): string => join(ROOT, 'samples', sample.file);

let engine: PooledAudioEngine;

beforeAll(async () => {
  engine = await createAudioEngine({ poolSize: 2, modelFolder: join(ROOT, 'models/reading-audio') });
});
afterAll(() => engine.close());

const scorable = samples.filter(({ expected }) => expected !== 'unusable');
const unusable = samples.filter(({ expected }) => expected === 'unusable');

test.each(scorable)('$file is scored as $expected', async (sample) => {
  const { features, audio } = await engine.extract(path(sample));
  const [scored] = await engine.score([features]);
  expect(scored?.inference).toMatchObject({ prediction_label: sample.expected, model_name: 'reading-audio' });
  // Frames of a lossy format are as long as a tenth of a second.
  expect(Math.abs(audio.duration_seconds - sample.seconds!)).toBeLessThan(0.15);
});

test.each(unusable)('$file ends as $error, never as a score', async (sample) => {
  const extracting = engine.extract(path(sample));
  await expect(extracting).rejects.toBeInstanceOf(AudioError);
  await expect(extracting).rejects.toHaveProperty('name', sample.error);
});

it('scores all samples in one batch as each alone', async () => {
  const rows = await Promise.all(
    scorable.map(async (sample) => (await engine.extract(path(sample))).features),
  );
  const together = await engine.score(rows);
  const alone = await Promise.all(rows.map(async (row) => (await engine.score([row]))[0]));
  expect(together).toEqual(alone);
});
