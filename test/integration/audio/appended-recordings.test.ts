import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioDecoder } from '../../../src/audio/decode/audio-decoder.js';
import { DEFAULT_DECODE_LIMITS } from '../../../src/audio/decode/audio-decoder.js';
import { createFfmpegDecoder } from '../../../src/audio/decode/ffmpeg-decoder.js';
import type { PooledAudioEngine } from '../../../src/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../src/audio/pool/create-audio-engine.js';
import { ffmpegCommands } from './ffmpeg-from-pypi.js';

const files = join(__dirname, '..', '..', 'fixtures', 'audio', 'files');
const samples = join(__dirname, '..', '..', '..', 'samples');

let engine: PooledAudioEngine;
let fromPath: AudioDecoder;
let scratch: string;

beforeAll(async () => {
  fromPath = createFfmpegDecoder(DEFAULT_DECODE_LIMITS, await ffmpegCommands());
  engine = await createAudioEngine({ poolSize: 1 });
  scratch = mkdtempSync(join(tmpdir(), 'vachan-appended-'));
}, 300_000);

afterAll(async () => {
  await engine.close();
  rmSync(scratch, { recursive: true });
});

async function seconds(path: string): Promise<number> {
  return (await engine.extract(path)).audio.duration_seconds;
}

/** One recording, and another in the same format, some with other channels or another rate. */
const PAIRS: [first: string, second: string][] = [
  ['speech.wav', 'speech-44k-stereo.wav'],
  ['speech.flac', 'en-story-1.flac'],
  ['speech.mp3', 'hi-story-4.mp3'],
  ['mr-story-2.mp3', 'speech.mp3'],
  ['speech.aac', 'speech.aac'],
  ['speech.latm', 'speech.latm'],
  ['speech.amr', 'mr-story-5.amr'],
  ['speech.m4a', 'hi-words-1.m4a'],
  ['speech-fragmented.mp4', 'speech-late.mp4'],
  ['speech.ogg', 'hi-story-1.ogg'],
  ['speech.opus', 'mr-story-4.opus'],
  ['speech.ogg', 'speech.opus'],
  ['speech.webm', 'hi-story-2.webm'],
  ['speech-live.webm', 'speech-live.webm'],
];

test.each(PAIRS)('%s with %s appended is both of them, by both decoders', async (first, second) => {
  const [one, other] = [first, second].map((name) => join(name.startsWith('speech') ? files : samples, name));
  const path = join(scratch, 'appended');
  writeFileSync(path, Buffer.concat([readFileSync(one!), readFileSync(other!)]));
  const expected = (await seconds(one!)) + (await seconds(other!));
  // The second one's header with its delay is passed over where it goes on as the first did: 50 ms of padding are kept.
  expect(Math.abs((await seconds(path)) - expected)).toBeLessThan(0.06);
  const { audio } = await fromPath.decode(path);
  expect(Math.abs(audio.duration_seconds - expected)).toBeLessThan(0.06);
});

test('of a recording that began anew, the last part may be cut', async () => {
  const opus = readFileSync(join(files, 'speech.opus'));
  const path = join(scratch, 'cut');
  writeFileSync(path, Buffer.concat([opus, opus.subarray(0, opus.length - 500)]));
  await expect(engine.extract(path)).rejects.toMatchObject({ name: 'AudioTruncated' });
});

test('a limit counts all parts', async () => {
  const ogg = readFileSync(join(files, 'speech.ogg'));
  const path = join(scratch, 'long');
  writeFileSync(path, Buffer.concat([ogg, ogg, ogg]));
  const short = createFfmpegDecoder({ ...DEFAULT_DECODE_LIMITS, maxSeconds: 3 }, await ffmpegCommands());
  await expect(short.decode(path)).rejects.toMatchObject({ name: 'AudioTooLong' });
});
