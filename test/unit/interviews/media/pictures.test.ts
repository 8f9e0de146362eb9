import { rotationOf } from '../../../../src/pipelines/interviews/media/decode/rotation.js';
import { turned } from '../../../../src/pipelines/interviews/media/decode/picture-scaler.js';
import { vp8Size } from '../../../../src/pipelines/interviews/media/decode/vp8-size.js';

/** As FFmpeg hands a display matrix on: 16.16, in the machine's byte order. */
function matrixOf(a: number, b: number, c: number, d: number): Buffer {
  const matrix = Buffer.alloc(36);
  for (const [at, value] of [
    [0, a],
    [4, b],
    [12, c],
    [16, d],
  ] as const)
    matrix.writeInt32LE(value * 65_536, at);
  matrix.writeInt32LE(0x40000000, 32);
  return matrix;
}

test.each([
  ['none', matrixOf(1, 0, 0, 1), 0],
  ['a quarter', matrixOf(0, 1, -1, 0), 90],
  ['a half', matrixOf(-1, 0, 0, -1), 180],
  ['three quarters', matrixOf(0, -1, 1, 0), 270],
  ['none, of a mirrored picture', matrixOf(-1, 0, 0, 1), 0],
  ['a quarter, of a mirrored picture', matrixOf(0, -1, -1, 0), 90],
])('a display matrix turns a picture by %s', (_what, matrix, expected) => {
  expect(rotationOf(matrix)).toBe(expected);
});

test('without a matrix, or with one that is too short or empty, nothing is turned', () => {
  expect(rotationOf(null)).toBe(0);
  expect(rotationOf(Buffer.alloc(4))).toBe(0);
  expect(rotationOf(Buffer.alloc(36))).toBe(0);
});

/** Two rows of three pixels; each has its number in its first byte. */
const picture = {
  width: 3,
  height: 2,
  rgb: Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap((number) => [number, 0, 0])),
};

test.each([
  [0, 3, [1, 2, 3, 4, 5, 6]],
  [90, 2, [4, 1, 5, 2, 6, 3]],
  [180, 3, [6, 5, 4, 3, 2, 1]],
  [270, 2, [3, 6, 2, 5, 1, 4]],
] as const)('a picture turned by %d degrees', (rotation, width, expected) => {
  const result = turned(picture, rotation);
  expect([result.width, result.height]).toEqual([width, 6 / width]);
  expect(Array.from({ length: 6 }, (_, pixel) => result.rgb[pixel * 3])).toEqual(expected);
});

test('a keyframe of VP8 says its size, other frames do not', () => {
  const keyframe = Buffer.from([0x10, 2, 0, 0x9d, 1, 0x2a, 0x80, 0x42, 0x68, 0x01]);
  expect(vp8Size(keyframe)).toBe('640x360');
  expect(vp8Size(Buffer.from([0x11, ...keyframe.subarray(1)]))).toBeUndefined();
  expect(vp8Size(keyframe.subarray(0, 9))).toBeUndefined();
});
