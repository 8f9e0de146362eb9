import { lumaOf } from '../../../../../src/pipelines/interviews/analysis/video/luma.js';
import {
  brightnessOf,
  sharpnessOf,
} from '../../../../../src/pipelines/interviews/analysis/video/picture-quality.js';
import {
  signatureDistance,
  signatureOf,
} from '../../../../../src/pipelines/interviews/analysis/video/picture-signature.js';
import type { Picture } from '../../../../../src/pipelines/interviews/models/picture/picture.js';

/** Grey by a rule of the pixel's place. */
function picture(width: number, height: number, grey: (x: number, y: number) => number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgb.fill(grey(x, y), (y * width + x) * 3, (y * width + x + 1) * 3);
  }
  return { width, height, rgb };
}

const waves = (x: number, y: number): number => 128 + 90 * Math.sin(x / 9) * Math.cos(y / 7);
const softer = (x: number, y: number): number => 128 + 90 * Math.sin(x / 40) * Math.cos(y / 35);

describe('the quality of a picture', () => {
  it('has its brightness from black to white', () => {
    expect(brightnessOf(lumaOf(picture(640, 360, () => 0)))).toBe(0);
    expect(brightnessOf(lumaOf(picture(640, 360, () => 255)))).toBeCloseTo(1, 6);
    expect(brightnessOf(lumaOf(picture(640, 360, (x) => (x < 320 ? 0 : 255))))).toBeCloseTo(0.5, 2);
  });

  it('weighs colours as eyes do', () => {
    const green = picture(320, 180, () => 0);
    for (let pixel = 0; pixel < green.rgb.length; pixel += 3) green.rgb[pixel + 1] = 255;
    expect(brightnessOf(lumaOf(green))).toBeCloseTo(0.587, 3);
  });

  it('is sharper where light changes quickly, and not at all where it does not', () => {
    const [sharp, soft] = [waves, softer].map((rule) => sharpnessOf(lumaOf(picture(640, 360, rule))));
    expect(sharp).toBeGreaterThan(10 * soft!);
    expect(sharpnessOf(lumaOf(picture(640, 360, () => 90)))).toBeCloseTo(0, 6);
  });

  it('is about the same at twice the size', () => {
    const small = sharpnessOf(lumaOf(picture(320, 180, (x, y) => waves(2 * x, 2 * y))));
    const large = sharpnessOf(lumaOf(picture(640, 360, waves)));
    expect(large / small).toBeGreaterThan(0.8);
    expect(large / small).toBeLessThan(1.25);
  });

  it.each([
    [1, 1],
    [2, 5],
    [1, 900],
    [641, 359],
  ])('is a number for a picture of %i x %i', (width, height) => {
    const luma = lumaOf(picture(width, height, waves));
    expect(luma.values).toHaveLength(luma.width * luma.height);
    for (const value of [brightnessOf(luma), sharpnessOf(luma)]) expect(value).toBeGreaterThanOrEqual(0);
    expect(signatureDistance(signatureOf(luma), signatureOf(luma))).toBe(0);
  });
});

describe('the signature of a picture', () => {
  const signature = (rule: (x: number, y: number) => number): string =>
    signatureOf(lumaOf(picture(640, 360, rule)));

  it('is the same for the same picture', () => {
    expect(signature(waves)).toBe(signature(waves));
  });

  it('tells how far apart two pictures are', () => {
    const moved = (x: number, y: number): number =>
      waves(x, y) + (x > 200 && x < 300 && y > 100 && y < 250 ? 40 : 0);
    const apart = signatureDistance(signature(waves), signature(moved));
    // A share of 100 × 150 of 640 × 360 pixels differs by 40 of 255.
    const truth = (40 / 255) * Math.sqrt((100 * 150) / (640 * 360));
    expect(apart / truth).toBeGreaterThan(0.5);
    expect(apart / truth).toBeLessThan(2);
  });
});
