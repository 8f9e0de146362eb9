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
