import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineContainer } from '../../../../../src/pipelines/recordings/audio/decode/container/examine-container.js';
import { checkStatedDuration } from '../../../../../src/pipelines/recordings/audio/decode/stated-duration.js';
import { AudioEmpty, AudioTruncated } from '../../../../../src/pipelines/recordings/errors.js';
import { fixtures } from '../features/waveforms.js';

const scratch = mkdtempSync(join(tmpdir(), 'vachan-container-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function fixture(name: string): Buffer {
  return readFileSync(join(fixtures, 'files', name));
}

function check(bytes: Buffer): () => void {
  const path = join(scratch, 'clip');
  writeFileSync(path, bytes);
  return () => examineContainer(path);
}

const names = [
  'speech.wav',
  'speech.m4a',
  'speech.3gp',
  'speech.ogg',
  'speech.opus',
  'speech.webm',
  'speech.amr',
  'speech.mp3',
];

test.each([...names, 'speech.flac', 'video-only.mp4'])('%s is complete', (name) => {
  expect(check(fixture(name))).not.toThrow();
});

test.each(names)('%s cut anywhere but at a seam is truncated', (name) => {
  const whole = fixture(name);
  for (const share of [0.3, 0.5, 0.9]) {
    expect(check(whole.subarray(0, Math.floor(whole.length * share) + 1))).toThrow(AudioTruncated);
  }
});

/** Frames of raw AAC: a header that states the length, and nothing that sounds. */
function adts(frames: number, bytes = 300): Buffer {
  const frame = Buffer.alloc(bytes);
  frame.writeUInt16BE(0xfff1);
  frame.writeUIntBE((bytes << 5) | 0x1f, 3, 3);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

/** Without the tag before them. */
const mp3Frames = fixture('speech.mp3').subarray(fixture('speech.mp3').indexOf(Buffer.from([0xff, 0xfb])));

/** A minute and more of the fixture's frames: a cut costs a thousandth of the file. */
const LONG = [
  [
    'amr',
    Buffer.concat([fixture('speech.amr'), ...Array<Buffer>(40).fill(fixture('speech.amr').subarray(6))]),
  ],
  ['mp3', Buffer.concat([fixture('speech.mp3'), ...Array<Buffer>(40).fill(mp3Frames)])],
  ['ogg', Buffer.concat(Array<Buffer>(40).fill(fixture('speech.ogg')))],
  ['aac', adts(1_000)],
] as const;

test.each(LONG)(
  'a long %s file that lacks a few bytes of its last frame or page is truncated',
  (_format, whole) => {
    expect(check(whole)).not.toThrow();
    for (const missing of [1, 3, 11]) {
      expect(check(whole.subarray(0, whole.length - missing))).toThrow(AudioTruncated);
    }
  },
);

test('an mp3 cut within the header of a frame is truncated, one followed by a tag is not', () => {
  const whole = fixture('speech.mp3');
  const header = whole.subarray(whole.lastIndexOf(Buffer.from([0xff, 0xfb])));
  for (const bytes of [1, 2, 5, 6]) {
    expect(check(Buffer.concat([whole, header.subarray(0, bytes)]))).toThrow(AudioTruncated);
  }
  const tag = Buffer.alloc(128);
  tag.write('TAG');
  expect(check(Buffer.concat([whole, tag]))).not.toThrow();
  expect(check(Buffer.concat([whole, Buffer.alloc(40)]))).not.toThrow();
});

test('an ogg whose last page is not marked as the last is taken as it is, since Android never marks it', () => {
  const unmarked = Buffer.from(fixture('speech.opus'));
  const flags = unmarked.lastIndexOf('OggS') + 5;
  expect(unmarked[flags]! & 4).toBe(4);
  unmarked[flags]! &= ~4;
  expect(check(unmarked)).not.toThrow();
});

test('no bytes at all is empty', () => {
  expect(check(Buffer.alloc(0))).toThrow(AudioEmpty);
});

test.each([0, 0xffffffff])('a wav whose length was never filled in (%i) is taken as it is', (length) => {
  const streamed = Buffer.from(fixture('speech.wav'));
  streamed.writeUInt32LE(length, streamed.indexOf('data') + 4);
  expect(check(streamed)).not.toThrow();
});

test('bytes after the end do not matter', () => {
  expect(check(Buffer.concat([fixture('speech.wav'), Buffer.alloc(500)]))).not.toThrow();
});

test.each(names)('every beginning of %s is judged without a crash', (name) => {
  const whole = fixture(name);
  for (let length = 1; length < 200; length++) {
    try {
      check(whole.subarray(0, length))();
    } catch (error) {
      expect(error).toBeInstanceOf(AudioTruncated);
    }
  }
});

test('a recording may miss as much of its stated duration as padding explains, and no more', () => {
  expect(() => checkStatedDuration(1.0, undefined)).not.toThrow();
  expect(() => checkStatedDuration(1.0, 1.2)).not.toThrow();
  expect(() => checkStatedDuration(60, 61)).not.toThrow();
  expect(() => checkStatedDuration(1.0, 1.3)).toThrow(AudioTruncated);
  expect(() => checkStatedDuration(30, 60)).toThrow('ends after 30.00 s, but its container states 60.00 s');
});
