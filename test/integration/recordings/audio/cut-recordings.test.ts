import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audioUnderTest, FILES } from './audio-under-test.js';

const subject = audioUnderTest();

async function endOf(bytes: Buffer): Promise<string> {
  const end: unknown = await subject.engine.extract(subject.written(bytes)).catch((error: unknown) => error);
  return end instanceof Error ? end.name : 'features';
}

/** As docs/audio-formats.md says that a cut is known; at none of these places does a frame or page happen to end. */
const KNOWN = [0.2, 0.5, 0.8, 0.95];

test.each([
  'speech.wav',
  'speech-8bit.wav',
  'speech-24bit.wav',
  'speech-44k-stereo.wav',
  'speech.aiff',
  'speech.caf',
  'speech.mp3',
  'speech.aac',
  'speech.latm',
  'speech.amr',
  'speech.3gp',
  'speech.m4a',
  'speech-index-first.m4a',
  'speech-fragmented.mp4',
  'speech-late.mp4',
  'speech.ogg',
  'speech.opus',
  'speech-late.opus',
  'speech.webm',
  'speech-live.webm',
  'speech-late.webm',
])('%s is AudioTruncated wherever it is cut', async (name) => {
  const whole = readFileSync(join(FILES, name));
  const ends: Record<number, string> = {};
  for (const share of KNOWN)
    ends[share] = await endOf(whole.subarray(0, Math.floor(whole.length * share) + 1));
  expect(ends).toEqual(Object.fromEntries(KNOWN.map((share) => [share, 'AudioTruncated'])));
});

test('a flac is AudioTruncated when more than a quarter of a second is missing', async () => {
  const whole = readFileSync(join(FILES, 'speech.flac'));
  expect(await endOf(whole.subarray(0, whole.length * 0.5))).toBe('AudioTruncated');
  expect(await endOf(whole.subarray(0, whole.length * 0.7))).toBe('AudioTruncated');
});

test('a recording that ends within what follows its sound is whole', async () => {
  const webm = readFileSync(join(FILES, 'speech.webm'));
  const cues = webm.lastIndexOf(Buffer.from([0x1c, 0x53, 0xbb, 0x6b]));
  expect(cues).toBeGreaterThan(0);
  expect(await endOf(webm.subarray(0, cues + 10))).toBe('features');
  const fragmented = readFileSync(join(FILES, 'speech-fragmented.mp4'));
  expect(await endOf(fragmented.subarray(0, fragmented.lastIndexOf('mfra') + 10))).toBe('features');
  const withList = Buffer.concat([
    readFileSync(join(FILES, 'speech.wav')),
    Buffer.from('LIST\x40\0\0\0INFO', 'latin1'),
  ]);
  withList.writeUInt32LE(withList.length + 60 - 8, 4);
  expect(await endOf(withList)).toBe('features');
});
