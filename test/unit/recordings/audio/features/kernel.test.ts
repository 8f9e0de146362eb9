import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createAnalyser } from '../../../../../src/pipelines/recordings/audio/features/clip-analysis.js';
import {
  BIN_COUNT,
  FRAME_LENGTH,
  HOP_LENGTH,
} from '../../../../../src/pipelines/recordings/audio/features/analysis.js';
import { createFeatureKernel } from '../../../../../src/pipelines/recordings/audio/features/kernel/feature-kernel.js';
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
  const work = memory.keepBytes(2 ** 16);
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
  const analyse = createAnalyser();
  const short = noise(30_000);
  const alone = analyse(short);
  analyse(noise(700_000).map((value) => value + 0.2));
  expect(analyse(short)).toEqual(alone);
});

// The lengths around which a frame, a group of four frames and a block of 64 frames begin.
test.each([511, 512, 1_535, 1_536, 2_047, 2_048, 32_255, 32_256, 32_768, 34_303])(
  'frames of a clip of %i samples are those of the same clip with silence after it, as far as they see the same',
  (length) => {
    const analyse = createAnalyser();
    const clip = noise(length);
    const longer = new Float32Array(length + 5 * FRAME_LENGTH);
    longer.set(clip);
    const [{ shapes, frames }, { shapes: expected }] = [analyse(clip), analyse(longer)];
    expect(frames).toBe(1 + Math.floor(length / HOP_LENGTH));
    for (const name of ['centroid', 'bandwidth', 'rolloff', 'flatness'] as const) {
      expect(shapes[name]).toEqual(expected[name].slice(0, frames));
    }
  },
);
