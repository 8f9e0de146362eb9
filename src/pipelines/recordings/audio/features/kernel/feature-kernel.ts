import { nativeKernels, type NativeKernels } from '../../native/native-kernels.js';
import { KERNEL_WASM_BASE64 } from './kernel-binary.js';
import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import { startKernel } from '../../../../../platform/kernel/start-kernel.js';

/**
 * What features.as exports; addresses are byte offsets into the memory. Its source says what lies where. Rows of float64 have room for one
 * value more than they hold, since the kernel writes two at a time.
 */
export interface FeatureKernel {
  powerSpectra(
    samples: number,
    window: number,
    factors: number,
    turns: number,
    work: number,
    power: number,
  ): void;
  spectralShapes(
    power: number,
    frequencies: number,
    cumulative: number,
    magnitudes: number,
    shapes: number,
  ): void;
  melPowers(power: number, filters: number, weights: number, bands: number): void;
  contrastExtremes(magnitudes: number, bands: number, count: number, peaks: number, valleys: number): void;
  contrastRows(
    peaks: number,
    valleys: number,
    groups: number,
    peakFloor: number,
    valleyFloor: number,
    to: number,
    rowBytes: number,
  ): void;
  shapeRows(shapes: number, groups: number, to: number, rowBytes: number): void;
  keepDecibelConstants(room: number): void;
  toDecibels(values: number, count: number): void;
  largest(values: number, count: number): number;
  cepstra(
    bands: number,
    groups: number,
    lowest: number,
    basis: number,
    folded: number,
    coefficients: number,
    rowBytes: number,
  ): void;
  deltas(values: number, frames: number, slopes: number): void;
  sampleLevels(
    samples: number,
    hops: number,
    energies: number,
    crossings: number,
    levels: number,
    rowBytes: number,
  ): number;
  frameLevels(
    energies: number,
    crossings: number,
    hops: number,
    frames: number,
    rms: number,
    rates: number,
  ): void;
  silentShare(rms: number, count: number): number;
  squares(values: number, count: number, to: number): void;
  relativeDecibels(powers: number, count: number, floor: number, reference: number, to: number): void;
  decibelRatios(values: number, divisors: number, count: number, floor: number, to: number): void;
  sum(values: number, count: number): number;
  sumOfProducts(values: number, others: number, count: number): number;
  sumOfSquares(values: number, count: number, centre: number): number;
  meanAndStd(values: number, count: number, to: number): void;
  meanAndStdOfSingles(values: number, count: number, to: number): void;
  subtract(values: number, others: number, count: number, to: number): void;
  multiply(values: number, others: number, count: number, to: number): void;
  shift(values: number, less: number, count: number, to: number): void;
  raise(values: number, least: number, count: number, to: number): void;
  ramps(values: number, count: number, low: number, high: number, to: number): void;
  rampSum(values: number, count: number, low: number, high: number): number;
  squaredChanges(values: number, count: number, lag: number): number;
  weightedChanges(values: number, weights: number, count: number, lag: number): number;
  clear(values: number, count: number): void;
  copy(values: number, count: number, to: number): void;
  select(values: number, count: number, low: number, place: number): number;
  highest(values: number, count: number): number;
  lowest(values: number, count: number): number;
  windowMaxima(values: number, count: number, width: number): number;
  withoutPeaks(values: number, count: number, width: number, work: number): void;
  withoutGaps(values: number, count: number, width: number, work: number): void;
  holes(
    levels: number,
    falls: number,
    following: number,
    count: number,
    low: number,
    high: number,
    seconds: number,
    to: number,
  ): void;
  cutOffs(levels: number, quiet: number, count: number, low: number, high: number): number;
  bandMeans(bands: number, groups: number, lowest: number, rows: number): void;
  spectralChange(rows: number, weights: number, count: number, lag: number): number;
  wideBands(rows: number, frames: number, to: number, rowBytes: number): void;
  collectMagnitudes(magnitudes: number, collected: number, half: number): void;
  findPitches(
    magnitudes: number,
    flat: number,
    count: number,
    spacings: number,
    ends: number,
    terms: number,
    found: number,
  ): void;
  /** `spectralShapes` of two groups of four frames at once, whose spectra lie one after the other, as do their results; the add-on's alone. */
  spectralShapesTwice?(power: number, frequencies: number, magnitudes: number, shapes: number): void;
  /** `melPowers` likewise. */
  melPowersTwice?(power: number, filters: number, weights: number, bands: number): void;
  /** `findPitches` of two sets of four frames at once, one after the other; the add-on's alone. */
  findPitchesTwice?(
    magnitudes: number,
    count: number,
    spacings: number,
    ends: number,
    terms: number,
    found: number,
  ): void;
  voiceStatistics(
    pitches: number,
    activity: number,
    stride: number,
    count: number,
    voicing: number,
    to: number,
  ): void;
}

/** Frames that the kernel takes at once, one a lane. */
export const FRAMES_PER_GROUP = 4;

const DECIBEL_CONSTANTS_BYTES = 208;

/**
 * The kernel keeps the memory that its longest clip needed: 4 MB a minute.
 *
 * @param native computes what it can, with the same result
 */
export function createFeatureKernel({ native } = nativeKernels()): {
  kernel: FeatureKernel;
  memory: KernelMemory;
} {
  const { kernel, memory } = startKernel(KERNEL_WASM_BASE64);
  const features = { ...(kernel as FeatureKernel) };
  if (native) useNative(features, memory, native);
  features.keepDecibelConstants(memory.keepBytes(DECIBEL_CONSTANTS_BYTES));
  return { kernel: features, memory };
}

function useNative(features: FeatureKernel, memory: KernelMemory, native: NativeKernels): void {
  const single = new Float32Array(1);
  const bits = new Uint32Array(single.buffer);
  features.powerSpectra = (...addresses) => native.powerSpectra(memory.whole(), ...addresses);
  features.spectralShapesTwice = (...addresses) => native.spectralShapesTwice(memory.whole(), ...addresses);
  features.melPowersTwice = (...addresses) => native.melPowersTwice(memory.whole(), ...addresses);
  features.toDecibels = (values, count) => native.toDecibels(memory.whole(), values, count);
  features.cepstra = (bands, groups, lowest, basis, _folded, ...to) => {
    single[0] = lowest;
    native.cepstra(memory.whole(), bands, groups, bits[0]!, basis, ...to);
  };
  features.findPitchesTwice = (...addresses) => native.findPitchesTwice(memory.whole(), ...addresses);
}
