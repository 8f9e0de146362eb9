import { averageChannels } from '../../../../../src/pipelines/recordings/audio/decode/mono.js';

function bytes(values: Int16Array | Int32Array | Float32Array | Float64Array | Uint8Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function average(format: number, planes: Buffer[], channels: number, count: number): number[] {
  const into = new Float32Array(count);
  expect(averageChannels(format, planes, channels, count, into)).toBe(true);
  return [...into];
}

test.each([
  ['8-bit', 0, Uint8Array.of(128, 192, 0, 64)],
  ['16-bit', 1, Int16Array.of(0, 16_384, -32_768, -16_384)],
  ['32-bit', 2, Int32Array.of(0, 2 ** 30, -(2 ** 31), -(2 ** 30))],
  ['float', 3, Float32Array.of(0, 0.5, -1, -0.5)],
  ['double', 4, Float64Array.of(0, 0.5, -1, -0.5)],
])('%s samples come to full scale 1, and interleaved channels are averaged', (_name, format, values) => {
  expect(average(format, [bytes(values)], 1, 4)).toEqual([0, 0.5, -1, -0.5]);
  expect(average(format, [bytes(values)], 2, 2)).toEqual([0.25, -0.75]);
});

test.each([1, 2, 3])('%i planar channels are averaged', (channels) => {
  const planes = Array.from({ length: channels }, (_, i) => bytes(Float32Array.of(i, 0.3)));
  const [first, second] = average(8, planes, channels, 2);
  expect(first).toBeCloseTo((channels - 1) / 2, 6);
  expect(second).toBeCloseTo(0.3, 6);
});

test('a plane that does not lie on a multiple of its sample size is read all the same', () => {
  const shifted = Buffer.alloc(9);
  shifted.writeFloatLE(0.5, 1);
  shifted.writeFloatLE(-0.25, 5);
  expect(average(3, [shifted.subarray(1)], 1, 2)).toEqual([0.5, -0.25]);
});

test('a sample format that is not known is said to be so', () => {
  expect(averageChannels(99, [Buffer.alloc(8)], 1, 1, new Float32Array(1))).toBe(false);
});
