import { join } from 'node:path';
import { readHead } from '../../../../src/audio/decode/file-head.js';
import { canStateDuration, checkStatedDuration } from '../../../../src/audio/decode/stated-duration.js';
import { AudioTruncated } from '../../../../src/platform/errors.js';

const samples = join(__dirname, '../../../../samples');

test.each(['mr-story-1.wav', 'mr-story-2.mp3', 'mr-story-3.m4a', 'mr-story-6.ogg', 'hi-story-3.3gp'])(
  'the container of %s states a duration',
  (file) => expect(canStateDuration(readHead(join(samples, file)))).toBe(true),
);

it('takes no duration from raw AMR, where FFmpeg only guesses one from the bit rate', () => {
  expect(canStateDuration(readHead(join(samples, 'mr-story-5.amr')))).toBe(false);
});

it('refuses a recording that ends long before its stated duration, and no other', () => {
  expect(() => checkStatedDuration(8, 8.3)).toThrow(AudioTruncated);
  expect(() => checkStatedDuration(8.2, 8.3)).not.toThrow();
  expect(() => checkStatedDuration(8, undefined)).not.toThrow();
});
