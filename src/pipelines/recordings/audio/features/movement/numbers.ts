import type { FeatureKernel } from '../kernel/feature-kernel.js';

/** What lies this far below the loud parts or further counts as this far. */
export const RANGE_DB = 60;
/** The loud parts: so large a share of a clip is quieter. */
const LOUD_SHARE = 0.95;
/** Power of a clip without sound, so that nothing is divided by 0. */
const LEAST_LOUD_POWER = 1e-10;

/** Where a ramp from 0 to 1 begins and ends; it falls where the end is the lower. */
export type Ramp = readonly [low: number, high: number];

/** How much a frame or a step belongs to the reading: by its level in decibels below the loud parts. */
export const ACTIVE_RAMP: Ramp = [-30, -20];

/** A row of float64 in the kernel's memory. */
export interface Row {
  address: number;
  count: number;
}

/** The value below which `share` of a row's values lie. @param work receives the row in another order */
export function quantile(
  kernel: FeatureKernel,
  { address, count }: Row,
  share: number,
  work: number,
): number {
  kernel.copy(address, count, work);
  return kernel.select(work, count, 0, placeOf(share, count));
}

/** Place, in ascending order, of the value below which `share` of so many lie. */
export function placeOf(share: number, count: number): number {
  return Math.floor(share * (count - 1));
}

/** Mean weighted by weights that may all be 0: then 0. */
export function mean(weighted: number, weights: number): number {
  return weights > 1e-6 ? weighted / weights : 0;
}

/** The power of a clip's loud parts. */
export function loudPower(kernel: FeatureKernel, powers: Row, work: number): number {
  return Math.max(quantile(kernel, powers, LOUD_SHARE, work), LEAST_LOUD_POWER);
}

/** Decibels relative to the loud parts' power, down to `-rangeDb`. */
export function relativeDecibels(
  kernel: FeatureKernel,
  { address, count }: Row,
  loud: number,
  rangeDb: number,
  to: number,
): void {
  const floor = loud * 10 ** (-rangeDb / 10);
  kernel.relativeDecibels(address, count, floor, 10 * Math.log10(loud + floor), to);
}
