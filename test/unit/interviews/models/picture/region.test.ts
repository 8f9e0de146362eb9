import fc from 'fast-check';
import type { Picture } from '../../../../../src/pipelines/interviews/models/picture/picture.js';
import {
  inPicture,
  sampleRegion,
  squareAround,
  type Region,
} from '../../../../../src/pipelines/interviews/models/picture/region.js';

/** Red is the column and green the row, so that a sample says where it is from. */
function coordinates(width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgb.set([pixel % width, Math.floor(pixel / width), 7], pixel * 3);
  }
  return { width, height, rgb };
}

/** One value of a region, by the definition of bilinear sampling. */
function sampleAt(
  { width, height, rgb }: Picture,
  { x, y }: { x: number; y: number },
  black: boolean,
): number {
  const red = (column: number, row: number): number => {
    const inside = column >= 0 && row >= 0 && column < width && row < height;
    if (!inside && black) return 0;
    return rgb[
      3 * (Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column)))
    ]!;
  };
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [x - left, y - top];
  return (
    (1 - bottom) * ((1 - right) * red(left, top) + right * red(left + 1, top)) +
    bottom * ((1 - right) * red(left, top + 1) + right * red(left + 1, top + 1))
  );
}

const bytes = { range: [0, 255], outside: 'black' } as const;

describe('a region of a picture', () => {
  it('is sampled where its turned sides lie', () => {
    const region: Region = { centre: { x: 50, y: 40 }, width: 20, height: 10, rotation: Math.PI / 6 };
    const size = 8;
    const sampled = sampleRegion(coordinates(100, 80), region, { ...bytes, size });
    for (const [row, column] of [
      [0, 0],
      [3, 5],
      [7, 2],
    ] as const) {
      const { x, y } = inPicture(region, column / size, row / size);
      expect(sampled[row * size + column]).toBeCloseTo(x, 4);
      expect(sampled[size * size + row * size + column]).toBeCloseTo(y, 4);
      expect(sampled[2 * size * size + row * size + column]).toBeCloseTo(7, 4);
    }
  });

  it('is black, or its nearest pixel, outside the picture', () => {
    const picture = coordinates(40, 20);
    const square = squareAround(picture);
    expect(square).toEqual({ centre: { x: 20, y: 10 }, width: 40, height: 40, rotation: 0 });
    const blue = (outside: 'black' | 'nearest'): number[] =>
      [...sampleRegion(picture, square, { size: 4, range: [-1, 1], outside })].slice(32);
    expect(blue('black').slice(0, 4)).toEqual([-1, -1, -1, -1]);
    for (const value of blue('nearest')) expect(value).toBeCloseTo((7 / 255) * 2 - 1, 6);
  });

  it('is sampled bilinearly, wherever it lies and whatever the size of the picture', () => {
    const place = fc.double({ min: -60, max: 60, noNaN: true });
    const side = fc.double({ min: 0.5, max: 90, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.boolean()),
        fc.record({ centre: fc.record({ x: place, y: place }), width: side, height: side, rotation: place }),
        ([width, height, black], region) => {
          const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 2_654_435_761) >>> 24);
          const picture = { width, height, rgb };
          const sampling = { ...bytes, size: 5, outside: black ? 'black' : 'nearest' } as const;
          const sampled = sampleRegion(picture, region, sampling);
          for (let at = 0; at < 25; at++) {
            const expected = sampleAt(
              picture,
              inPicture(region, (at % 5) / 5, Math.floor(at / 5) / 5),
              black,
            );
            expect(Math.abs(sampled[at]! - expected)).toBeLessThan(1e-3);
          }
        },
      ),
    );
  });

  it('is mirrored when that is asked for', () => {
    const picture = coordinates(16, 16);
    const plain = sampleRegion(picture, squareAround(picture), { ...bytes, size: 4 });
    const mirrored = sampleRegion(picture, squareAround(picture), { ...bytes, size: 4, mirrored: true });
    expect([...mirrored.subarray(0, 4)]).toEqual([...plain.subarray(0, 4)].reverse());
  });

  it('is refused of a picture whose bytes are not those of its size, such as one with transparency', () => {
    const picture = { width: 4, height: 3, rgb: new Uint8Array(4 * 3 * 4) };
    expect(() => sampleRegion(picture, squareAround(picture), { ...bytes, size: 2 })).toThrow(
      'a picture of 4 x 3 has 48 bytes, expected 36 of RGB',
    );
  });
});
