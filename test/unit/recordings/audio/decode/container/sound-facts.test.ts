import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineContainer } from '../../../../../../src/pipelines/recordings/audio/decode/container/examine-container.js';
import {
  isMeasured,
  provenEnd,
} from '../../../../../../src/pipelines/recordings/audio/decode/container/placeholder.js';
import { checkSoundRead } from '../../../../../../src/pipelines/recordings/audio/decode/sound-read.js';
import { AudioTruncated, AudioUndecodable } from '../../../../../../src/pipelines/recordings/errors.js';
import { fixtures } from '../../features/waveforms.js';

const scratch = mkdtempSync(join(tmpdir(), 'vachan-facts-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function factsOf(bytes: Buffer) {
  const path = join(scratch, 'clip');
  writeFileSync(path, bytes);
  return examineContainer(path);
}

const received = (name: string) => examineContainer(join(fixtures, 'received', name));

test.each([
  0,
  0x3fffffff,
  0x7fff0000,
  0x7ffff000,
  0x7fffffdb,
  0x7fffffff,
  0x80000000,
  0x80000024,
  0xfffff000,
  0xffffffdb,
  0xffffffff,
  2 ** 64,
])('%i is a placeholder', (length) => expect(isMeasured(length)).toBe(false));

test.each([1, 44, 192_000, 5e8, 1.5e9, 3e9, 1e12])('%i is a length', (length) =>
  expect(isMeasured(length)).toBe(true),
);

test('a chunk proves a cut only together with the form around it', () => {
  expect(provenEnd(2_000, 2_036, 1_000)).toBe(2_000);
  expect(provenEnd(2_000, 1_000, 1_000)).toBeUndefined();
  expect(provenEnd(2_000, 0xffffffff, 1_000)).toBeUndefined();
  expect(provenEnd(1_005, 1_041, 1_000)).toBeUndefined();
});

test('a duration is stated by a header that counts frames, and by no other', () => {
  expect(received('mp3-vbr-noxing-1s.mp3').statedSeconds).toBeUndefined();
  expect(received('mp3-xing-no-frames-flag.mp3').statedSeconds).toBeUndefined();
  expect(received('mp3-xing-zero-frames.mp3').statedSeconds).toBeUndefined();
  const counted = examineContainer(join(fixtures, 'files', 'speech.mp3')).statedSeconds;
  expect(counted).toBeGreaterThan(1.09);
  expect(counted).toBeLessThan(1.2);
  expect(examineContainer(join(fixtures, 'files', 'speech.flac')).statedSeconds).toBe(1.1);
});

/** Frames of MPEG audio without sound: 128 kbit/s at 44,100 Hz. */
function mpegFrame(): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xfffb9000);
  return frame;
}

test('a VBRI header counts frames as well', () => {
  const first = mpegFrame();
  first.write('VBRI', 36);
  first.writeUInt32BE(100, 36 + 14);
  const facts = factsOf(Buffer.concat([first, ...Array.from({ length: 100 }, mpegFrame)]));
  expect(facts.statedSeconds).toBeCloseTo((100 * 1_152) / 44_100);
  expect(facts.soundBytes).toBe(100 * 417);
});

/** AMR of wide band, 23.85 kbit/s. */
function wideFrame(): Buffer {
  const frame = Buffer.alloc(61, 0x55);
  frame[0] = 0x44;
  return frame;
}

test('AMR of wide band ends with its last whole frame, whatever follows', () => {
  const row = Buffer.concat([Buffer.from('#!AMR-WB\n'), ...Array.from({ length: 10 }, wideFrame)]);
  expect(factsOf(row)).toEqual({ soundBytes: 610 });
  expect(factsOf(Buffer.concat([row, Buffer.from('\r\n--boundary--')]))).toEqual({
    soundBytes: 610,
    sections: [{ start: 0, end: 619 }],
  });
  expect(() => factsOf(row.subarray(0, row.length - 1))).toThrow(AudioTruncated);
});

test('damage within a row of frames is left for the decoder to see', () => {
  const frames = Array.from({ length: 30 }, wideFrame);
  frames[10]![0] = 0xff;
  expect(factsOf(Buffer.concat([Buffer.from('#!AMR-WB\n'), ...frames]))).toEqual({});
});

test('a decoder that was given less than there is has lost sound', () => {
  expect(() => checkSoundRead(98_500, 100_000)).not.toThrow();
  expect(() => checkSoundRead(50_000, 100_000)).toThrow(AudioUndecodable);
  expect(() => checkSoundRead(50_000, undefined)).not.toThrow();
});
