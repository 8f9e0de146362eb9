import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createAnalyser } from '../../../../../src/pipelines/recordings/audio/features/clip-analysis.js';
import {
  BIN_COUNT,
  FRAME_LENGTH,
  HOP_LENGTH,
} from '../../../../../src/pipelines/recordings/audio/features/analysis.js';
import { extractFeatures } from '../../../../../src/pipelines/recordings/audio/features/extract-features.js';
import { createFeatureKernel } from '../../../../../src/pipelines/recordings/audio/features/kernel/feature-kernel.js';
import { SHAPE_ROWS } from '../../../../../src/pipelines/recordings/audio/features/spectral-shape.js';
import {
  halfTurns,
  halvedWindow,
  passTwiddles,
} from '../../../../../src/pipelines/recordings/audio/features/stft.js';

const root = join(__dirname, '..', '..', '..', '..', '..');

/** Uniform in [-1, 1), the same every time. */
function noise(count: number): Float32Array {
  let state = 7;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The definition, term by term. */
function slowPower(samples: Float32Array, start: number, bin: number): number {
  let re = 0;
  let im = 0;
  for (let n = 0; n < FRAME_LENGTH; n++) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME_LENGTH);
    const angle = (2 * Math.PI * bin * n) / FRAME_LENGTH;
    re += hann * samples[start + n]! * Math.cos(angle);
    im -= hann * samples[start + n]! * Math.sin(angle);
  }
  return re * re + im * im;
}

test('the committed kernel is what its source compiles to', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/build-kernel.mjs'), '--check'],
    {
      encoding: 'utf8',
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the power spectra of four frames are those of the definition', () => {
  const { kernel, memory } = createFeatureKernel();
  const samples = noise(FRAME_LENGTH + 3 * HOP_LENGTH);
  const power = memory.keepBytes(BIN_COUNT * 16);
  const work = memory.keepBytes(2 ** 17);
  const tables = [halvedWindow(), passTwiddles(), halfTurns()].map((table) => memory.keep(table));
  kernel.powerSpectra(memory.keep(samples), tables[0]!, tables[1]!, tables[2]!, work, power);
  const values = memory.floats(power, BIN_COUNT * 4);
  for (const bin of [0, 1, 2, 255, 256, 511, 512, 513, 700, 1_023, 1_024]) {
    for (let frame = 0; frame < 4; frame++) {
      const expected = slowPower(samples, frame * HOP_LENGTH, bin);
      expect(Math.abs(values[4 * bin + frame]! / expected - 1)).toBeLessThan(1e-6);
    }
  }
});

test('decibels are ten times the decimal logarithm, from the floor up', () => {
  const { kernel, memory } = createFeatureKernel();
  const powers = [
    0, 1e-12, 1e-10, 2.5e-7, 0.7, 0.70710678, 1, 1.4142135, 1.4142137, 2, 3, 1e3, 12_345.6, 1e8, 3e20, 1e38,
  ];
  const address = memory.keep(Float32Array.from(powers));
  kernel.toDecibels(address, powers.length);
  memory.floats(address, powers.length).forEach((decibels, i) => {
    const expected = 10 * Math.log10(Math.max(Math.fround(1e-10), Math.fround(powers[i]!)));
    expect(decibels).toBe(Math.fround(expected));
  });
});

test('a clip leaves nothing behind for the next, shorter or longer', () => {
  const short = noise(30_000);
  const alone = extractFeatures(short);
  extractFeatures(noise(700_000).map((value) => value + 0.2));
  expect(extractFeatures(short)).toEqual(alone);
});

test.each([1, 2, 3, 7, 1_000, 1_001])('places of %i values are those of the same values sorted', (count) => {
  const { kernel, memory } = createFeatureKernel();
  const row = memory.keepBytes(count * Float64Array.BYTES_PER_ELEMENT);
  const kinds = [
    Float64Array.from(noise(count)),
    Float64Array.from(noise(count), (value) => Math.round(3 * value) + 0),
    new Float64Array(count),
    Float64Array.from({ length: count }, (_, i) => i),
    Float64Array.from({ length: count }, (_, i) => -i),
  ];
  for (const values of kinds) {
    memory.doubles(row, count).set(values);
    const sorted = values.toSorted();
    let before = 0;
    for (const place of [0, Math.floor(count / 2), count - 1]) {
      expect(kernel.select(row, count, before, place)).toBe(sorted[place]);
      before = place;
    }
  }
});

test.each([1, 2, 3, 5, 1_000])('%i values have the mean and the deviation of their definitions', (count) => {
  const { kernel, memory } = createFeatureKernel();
  const singles = noise(count);
  const found = memory.keepBytes(2 * Float64Array.BYTES_PER_ELEMENT);
  const mean = singles.reduce((sum, value) => sum + value, 0) / count;
  const std = Math.sqrt(singles.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const doublesAt = memory.keep(Float64Array.from(singles));
  const singlesAt = memory.keep(singles);
  for (const measure of [
    () => kernel.meanAndStd(doublesAt, count, found),
    () => kernel.meanAndStdOfSingles(singlesAt, count, found),
  ]) {
    measure();
    const [foundMean, foundStd] = memory.doubles(found, 2);
    expect(foundMean).toBeCloseTo(mean, 12);
    expect(foundStd).toBeCloseTo(std, 12);
  }
});

test.each([1, 3, 10, 63])('gaps and peaks are those of the definition in %i values', (count) => {
  const { kernel, memory } = createFeatureKernel();
  const width = 4;
  const values = [...noise(count)];
  const row = memory.keep(Float64Array.from(values));
  const work = memory.keepBytes((count + width) * Float64Array.BYTES_PER_ELEMENT);
  const windows = Array.from({ length: Math.max(1, count - width + 1) }, (_, i) =>
    values.slice(i, i + width),
  );
  const holding = (i: number): number[][] => windows.slice(Math.max(0, i - width + 1), i + 1);
  kernel.withoutPeaks(row, count, width, work);
  expect([...memory.doubles(work, count)]).toEqual(
    values.map((_, i) => Math.max(...holding(i).map((window) => Math.min(...window)))),
  );
  kernel.withoutGaps(row, count, width, work);
  expect([...memory.doubles(work, count)]).toEqual(
    values.map((_, i) => Math.min(...holding(i).map((window) => Math.max(...window)))),
  );
});

// The lengths around which a frame, a group of four frames and a block of 64 frames begin.
test.each([511, 512, 1_535, 1_536, 2_047, 2_048, 32_255, 32_256, 32_768, 34_303])(
  'frames of a clip of %i samples are those of the same clip with silence after it, as far as they see the same',
  (length) => {
    const started = createFeatureKernel();
    const analyse = createAnalyser(started);
    const clip = noise(length);
    const longer = new Float32Array(length + 5 * FRAME_LENGTH);
    longer.set(clip);
    const frames = 1 + Math.floor(length / HOP_LENGTH);
    const shapesOf = (samples: Float32Array): number[][] => {
      const { shapes, rowBytes } = analyse(samples);
      return Array.from({ length: SHAPE_ROWS }, (_, row) => [
        ...started.memory.doubles(shapes + row * rowBytes, frames),
      ]);
    };
    expect(analyse(clip).frames).toBe(frames);
    expect(shapesOf(clip)).toEqual(shapesOf(longer));
  },
);
