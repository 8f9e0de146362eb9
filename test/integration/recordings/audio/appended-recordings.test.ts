import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_DECODE_LIMITS } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import { audioUnderTest, ffmpegDecoder, FILES, SAMPLES } from './audio-under-test.js';

const subject = audioUnderTest();

async function seconds(path: string): Promise<number> {
  return (await subject.engine.extract(path)).audio.duration_seconds;
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
  const [one, other] = [first, second].map((name) => join(name.startsWith('speech') ? FILES : SAMPLES, name));
  const path = subject.written(readFileSync(one!), readFileSync(other!));
  const expected = (await seconds(one!)) + (await seconds(other!));
  // The second one's header with its delay is passed over where it goes on as the first did: 50 ms of padding are kept.
  expect(Math.abs((await seconds(path)) - expected)).toBeLessThan(0.06);
  const { audio } = await (await ffmpegDecoder()).decode(path);
  expect(Math.abs(audio.duration_seconds - expected)).toBeLessThan(0.06);
});

test('of a recording that began anew, the last part may be cut', async () => {
  const opus = readFileSync(join(FILES, 'speech.opus'));
  const path = subject.written(opus, opus.subarray(0, opus.length - 500));
  await expect(subject.engine.extract(path)).rejects.toMatchObject({ name: 'AudioTruncated' });
});

test('a limit counts all parts', async () => {
  const ogg = readFileSync(join(FILES, 'speech.ogg'));
  const path = subject.written(ogg, ogg, ogg);
  const short = await ffmpegDecoder({ ...DEFAULT_DECODE_LIMITS, maxSeconds: 3 });
  await expect(short.decode(path)).rejects.toMatchObject({ name: 'AudioTooLong' });
});
