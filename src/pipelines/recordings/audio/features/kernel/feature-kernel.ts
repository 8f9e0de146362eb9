import { KERNEL_WASM_BASE64 } from './kernel-binary.js';
import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import { startKernel } from '../../../../../platform/kernel/start-kernel.js';

/** What features.as exports; addresses are byte offsets into the memory. Its source says what lies where. */
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
  relativeDecibels(values: number, count: number, floor: number, reference: number): void;
  decibelRatios(values: number, divisors: number, count: number, floor: number): void;
  sampleLevels(
    samples: number,
    hops: number,
    energies: number,
    crossings: number,
    levels: number,
    rowBytes: number,
  ): number;
  ramps(values: number, count: number, low: number, high: number): void;
  rampSum(values: number, count: number, low: number, high: number): number;
  squaredChanges(values: number, count: number, lag: number): number;
  weightedChanges(values: number, weights: number, count: number, lag: number): number;
  bandMeans(bands: number, groups: number, lowest: number, rows: number): void;
  rowDistances(rows: number, count: number, lag: number, distances: number): void;
  slideMax(values: number, count: number, width: number): number;
  slideMin(values: number, count: number, width: number): number;
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
}

/** Frames that the kernel takes at once, one a lane. */
export const FRAMES_PER_GROUP = 4;

/** The kernel keeps the memory that its longest clip needed: 4 MB a minute. */
export function createFeatureKernel(): { kernel: FeatureKernel; memory: KernelMemory } {
  const { kernel, memory } = startKernel(KERNEL_WASM_BASE64);
  return { kernel: kernel as FeatureKernel, memory };
}
