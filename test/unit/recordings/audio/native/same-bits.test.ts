import { createSampleBuffer } from '../../../../../src/pipelines/recordings/audio/decode/sample-buffer.js';
import { createSpectralResampling } from '../../../../../src/pipelines/recordings/audio/decode/spectral-resampler.js';
import { createAnalyser } from '../../../../../src/pipelines/recordings/audio/features/clip-analysis.js';
import {
  BIN_COUNT,
  CONTRAST_BAND_COUNT,
  FRAME_LENGTH,
  HOP_LENGTH,
  MFCC_COUNT,
} from '../../../../../src/pipelines/recordings/audio/features/analysis.js';
import { createFeatureKernel } from '../../../../../src/pipelines/recordings/audio/features/kernel/feature-kernel.js';
import { SHAPE_ROWS } from '../../../../../src/pipelines/recordings/audio/features/spectral-shape.js';
import {
  PITCH_BIN_COUNT,
  PITCH_COUNT,
  pitchTables,
} from '../../../../../src/pipelines/recordings/audio/features/movement/pitch.js';
import {
  halfTurns,
  halvedWindow,
  passTwiddles,
} from '../../../../../src/pipelines/recordings/audio/features/stft.js';
import type { KernelChoice } from '../../../../../src/pipelines/recordings/audio/native/native-kernels.js';
import { builtKernels } from './built-kernels.js';

const { choice } = builtKernels();

/** Uniform in [-1, 1), the same every time. */
function noise(count: number, seed = 7): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Loud, faint to the last bits that single precision has, with zeros of both signs, and none at all. */
const SOUNDS: readonly [what: string, sound: (count: number) => Float32Array][] = [
  ['noise', (count) => noise(count)],
  ['noise beyond full scale', (count) => noise(count).map((value) => value * 1e20)],
  ['noise of denormal numbers', (count) => noise(count).map((value) => value * 1e-42)],
  ['a faint tone', (count) => Float32Array.from({ length: count }, (_, i) => 1e-4 * Math.sin(i / 9))],
  ['clicks in silence', (count) => noise(count).map((value, i) => (i % 977 === 0 ? value : i % 2 ? 0 : -0))],
  ['silence', (count) => new Float32Array(count)],
];

function powersOf(samples: Float32Array, kernels: KernelChoice): Uint8Array {
  const { kernel, memory } = createFeatureKernel(kernels);
  const [window, factors, turns] = [halvedWindow(), passTwiddles(), halfTurns()].map((table) =>
    memory.keep(table),
  );
  const work = memory.keepBytes(2 ** 17);
  const power = memory.keepBytes(BIN_COUNT * 16);
  kernel.powerSpectra(memory.keep(samples), window!, factors!, turns!, work, power);
  return Uint8Array.from(memory.bytes(power, BIN_COUNT * 16));
}

/** Magnitudes by frame and bin: of voices with harmonics so many bins apart, none, both beside one another, and no sound. */
const VOICES: readonly [what: string, magnitude: (frame: number, bin: number, chance: number) => number][] = [
  ['voices', (frame, bin, chance) => harmonic(bin, 5 + 2.3 * frame) + 0.01 * chance],
  [
    'voices whose harmonics are near',
    (frame, bin, chance) => harmonic(bin, 3.3 + 0.4 * frame) + 0.1 * chance,
  ],
  ['noise', (_frame, _bin, chance) => chance],
  ['noise, then voices', (frame, bin, chance) => (frame < 4 ? chance : harmonic(bin, 3 * frame))],
  ['some voices', (frame, bin, chance) => (frame % 3 === 0 ? harmonic(bin, 8 + frame) : chance)],
  ['silence', () => 0],
];

function harmonic(bin: number, spacing: number): number {
  const distance = bin - spacing * Math.round(bin / spacing);
  return Math.exp(-(distance ** 2)) / (1 + bin / 50);
}

/** Of eight frames what the kernel finds, bit by bit. */
function pitchesOf(magnitude: (typeof VOICES)[number][1], kernels: KernelChoice): number[] {
  const { kernel, memory } = createFeatureKernel(kernels);
  const { spacings, termCounts, terms } = pitchTables();
  const chance = noise(8 * PITCH_BIN_COUNT);
  const sets = Float32Array.from(chance, (value, i) => {
    const [set, bin, lane] = [
      Math.floor(i / (4 * PITCH_BIN_COUNT)),
      Math.floor(i / 4) % PITCH_BIN_COUNT,
      i % 4,
    ];
    return magnitude(4 * set + lane, bin, Math.abs(value));
  });
  const setBytes = 16 * PITCH_BIN_COUNT;
  const [magnitudes, flat, found] = [memory.keep(sets), memory.keepBytes(2 * setBytes), memory.keepBytes(96)];
  const [spacingsAt, termsAt] = [memory.keep(spacings), memory.keep(terms)];
  let end = termsAt;
  const ends = memory.keep(Int32Array.from(termCounts, (count) => (end += 24 * count)));
  if (kernel.findPitchesTwice) {
    kernel.findPitchesTwice(magnitudes, PITCH_COUNT, spacingsAt, ends, termsAt, found);
  } else {
    for (const set of [0, 1]) {
      const at = magnitudes + set * setBytes;
      kernel.findPitches(at, flat, PITCH_COUNT, spacingsAt, ends, termsAt, found + 48 * set);
    }
  }
  return [...memory.integers(found, 24)];
}

/** Rows of a clip's shapes, contrasts and cepstra, and its mel spectrogram. */
function keptOf(samples: Float32Array, kernels: KernelChoice): unknown {
  const started = createFeatureKernel(kernels);
  const clip = createAnalyser(started, { keepMel: true })(samples);
  const { shapes, contrast, rowBytes, frames, mel, coefficients, coefficientBytes } = clip;
  const cepstra = Array.from({ length: MFCC_COUNT }, (_, k) => [
    ...started.memory.floats(coefficients + k * coefficientBytes, frames),
  ]);
  const rowsOf = (at: number, count: number): number[][] =>
    Array.from({ length: count }, (_, row) => [...started.memory.doubles(at + row * rowBytes, frames)]);
  return {
    shapes: rowsOf(shapes, SHAPE_ROWS),
    contrast: rowsOf(contrast, CONTRAST_BAND_COUNT),
    mel,
    cepstra,
  };
}

function resampled(samples: Float32Array, rate: number, kernels: KernelChoice): Uint8Array {
  const resampler = createSpectralResampling(createSampleBuffer(), kernels)(rate)!;
  resampler.push(samples);
  const output = resampler.finish();
  resampler.free();
  return Uint8Array.from(new Uint8Array(output.buffer, output.byteOffset, output.byteLength));
}

(choice.native ? describe : describe.skip)('with the add-on every bit is the same', () => {
  test.each(SOUNDS)('in the spectra of %s', (_what, sound) => {
    const samples = sound(FRAME_LENGTH + 3 * HOP_LENGTH);
    expect(Buffer.compare(powersOf(samples, choice), powersOf(samples, {}))).toBe(0);
  });

  test.each(SOUNDS)('in %s at another rate', (_what, sound) => {
    for (const rate of [8_000, 11_025, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000]) {
      const samples = sound(Math.round(1.3 * rate));
      const same = Buffer.compare(resampled(samples, rate, choice), resampled(samples, rate, {})) === 0;
      expect({ rate, same }).toEqual({ rate, same: true });
    }
  });

  test.each(VOICES)('in the pitches of %s', (_what, magnitude) => {
    const found = [choice, {}].map((kernels) => pitchesOf(magnitude, kernels));
    expect(found[0]).toEqual(found[1]);
  });

  test.each(SOUNDS)('in what is kept of the spectra of %s', (_what, sound) => {
    const samples = sound(25_000);
    expect(keptOf(samples, choice)).toEqual(keptOf(samples, {}));
  });

  test('in shapes and pitches of long clips and short ones, between which the memory has moved', () => {
    const analysers = [choice, {}].map((kernels) => {
      const started = createFeatureKernel(kernels);
      const analyse = createAnalyser(started);
      return (samples: Float32Array): number[] => {
        const { shapes, frames, movement } = analyse(samples);
        // What the last frames' neighbours hold is left from another clip, and counts for nothing.
        const whole = 12 * Math.floor(frames / 8);
        return [
          ...started.memory.doubles(shapes, frames),
          ...started.memory.integers(movement.pitches, whole),
        ];
      };
    });
    for (const count of [1, 20_000, 700_000, 5_000, 9_000, 14_000]) {
      const [native, wasm] = analysers.map((shapesOf) => shapesOf(noise(count, count)));
      expect(native).toEqual(wasm);
    }
  });

  test('and what lies outside the memory is refused, not read', () => {
    const memory = new ArrayBuffer(2 ** 18);
    const {
      powerSpectra,
      spectralShapesTwice,
      melPowersTwice,
      findPitchesTwice,
      toDecibels,
      cepstra,
      transform,
    } = choice.native!;
    const outside = /area is not in its memory/;
    expect(() => powerSpectra(memory, 0, 0, 0, 0, 2 ** 17 + 1, 0)).toThrow(outside);
    expect(() => powerSpectra(memory, 0, 2 ** 32 - 8, 0, 0, 0, 0)).toThrow(outside);
    expect(() => spectralShapesTwice(memory, 0, 0, 2 ** 18 - 16, 0)).toThrow(outside);
    new Uint32Array(memory).set([1_000, 30]);
    expect(() => melPowersTwice(memory, 0, 0, 0, 0)).toThrow(outside);
    expect(() => toDecibels(memory, 2 ** 18 - 4, 4)).toThrow(outside);
    expect(() => cepstra(memory, 0, 2 ** 31, 0, 0, 0, 16)).toThrow(outside);
    expect(() => findPitchesTwice(memory, 0, 1, 0, 0, 0, 2 ** 18 - 8)).toThrow(outside);
    new Uint32Array(memory).set([24, 16 * 353]);
    expect(() => findPitchesTwice(memory, 0, 1, 0, 0, 4, 0)).toThrow(outside);
    expect(() => findPitchesTwice(memory, 0, 2 ** 31, 0, 0, 0, 0)).toThrow(outside);
    expect(() => transform(memory, 2 ** 18, 0, 0)).toThrow(outside);
    new Uint32Array(memory).set([4, 2 ** 20, 64, 64, 0]);
    expect(() => transform(memory, 0, 64, 128)).toThrow(outside);
    new Uint32Array(memory).set([4, 4, 64, 64, 7, 4, 64, 64, 0]);
    expect(() => transform(memory, 0, 1_024, 2_048)).toThrow(outside);
    expect(() => transform(memory.slice(0, 0), 0, 0, 0)).toThrow(outside);
    expect(() => transform('memory' as never, 0, 0, 0)).toThrow('takes its memory');
  });
});
