import { checkStatedDuration } from '../../../../../src/pipelines/recordings/audio/decode/stated-duration.js';
import { AudioTruncated } from '../../../../../src/pipelines/recordings/errors.js';

it('refuses a recording that ends long before its stated duration, and no other', () => {
  expect(() => checkStatedDuration(8, 8.3)).toThrow(AudioTruncated);
  expect(() => checkStatedDuration(8.2, 8.3)).not.toThrow();
  expect(() => checkStatedDuration(8, undefined)).not.toThrow();
});
