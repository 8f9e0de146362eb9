import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkContainerEnd } from '../../../../src/audio/decode/container-end.js';
import { checkStatedDuration } from '../../../../src/audio/decode/stated-duration.js';
import { AudioEmpty, AudioTruncated } from '../../../../src/platform/errors.js';
import { fixtures } from '../features/waveforms.js';

const scratch = mkdtempSync(join(tmpdir(), 'vachan-container-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function fixture(name: string): Buffer {
  return readFileSync(join(fixtures, 'files', name));
}

function check(bytes: Buffer): () => void {
  const path = join(scratch, 'clip');
  writeFileSync(path, bytes);
  return () => checkContainerEnd(path);
}

const names = [
  'speech.wav',
  'speech.m4a',
  'speech.3gp',
  'speech.ogg',
  'speech.opus',
  'speech.webm',
  'speech.amr',
];

test.each([...names, 'speech.mp3', 'speech.flac', 'video-only.mp4'])('%s is complete', (name) => {
  expect(check(fixture(name))).not.toThrow();
});

test.each(names)('%s cut anywhere but at a seam is truncated', (name) => {
  const whole = fixture(name);
  for (const share of [0.3, 0.5, 0.9]) {
    expect(check(whole.subarray(0, Math.floor(whole.length * share) + 1))).toThrow(AudioTruncated);
  }
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
