import { join } from 'node:path';
import { DEFAULT_DECODE_LIMITS } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import {
  createFfmpegDecoder,
  findFfmpeg,
} from '../../../../src/pipelines/recordings/audio/decode/ffmpeg-decoder.js';
import { extractFeatures } from '../../../../src/pipelines/recordings/audio/features/extract-features.js';
import type { PooledAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';

const files = join(__dirname, '..', '..', '..', 'fixtures', 'audio', 'files');
const decoder = createFfmpegDecoder(DEFAULT_DECODE_LIMITS);

let inProcess: PooledAudioEngine;
let installed = false;

beforeAll(async () => {
  installed = await findFfmpeg();
  if (!installed) console.warn('ffmpeg is not on PATH: the decoder that spawns it is not tested');
  inProcess = await createAudioEngine({ poolSize: 1 });
});

afterAll(() => inProcess.close());

test.each([
  'speech.wav',
  'speech-44k-stereo.wav',
  'speech-24bit.wav',
  'speech.flac',
  'speech.mp3',
  'speech.amr',
])('ffmpeg from PATH decodes %s as FFmpeg in process does', async (file) => {
  if (!installed) return;
  const path = join(files, file);
  const here = await inProcess.extract(path);
  const there = await decoder.decode(path);
  expect(there.audio).toMatchObject({
    codec: here.audio.codec,
    sample_rate: here.audio.sample_rate,
    channels: here.audio.channels,
    bytes: here.audio.bytes,
  });
  expect(there.audio.duration_seconds).toBeCloseTo(here.audio.duration_seconds, 2);
  const differences = [...extractFeatures(there.samples)]
    .map((value, i) => Math.abs(value - here.features[i]!) / (Math.abs(value) + 1e-3))
    .sort((a, b) => a - b);
  expect(differences[54]).toBeLessThan(5e-3);
});

test('ffmpeg from PATH names what is wrong as FFmpeg in process does', async () => {
  if (!installed) return;
  await expect(decoder.decode(join(files, 'video-only.mp4'))).rejects.toThrow('no audio stream');
  await expect(decoder.decode(__filename)).rejects.toMatchObject({ name: 'AudioUndecodable' });
  const short = createFfmpegDecoder({ ...DEFAULT_DECODE_LIMITS, maxSeconds: 0.5 });
  await expect(short.decode(join(files, 'speech.wav'))).rejects.toMatchObject({ name: 'AudioTooLong' });
});
