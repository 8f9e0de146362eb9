/** Power below this counts as this: librosa's `amin`. */
const POWER_FLOOR = 1e-10;
/** Nothing lies further than this below the loudest value of the whole clip: librosa's `top_db`. */
const DYNAMIC_RANGE_DB = 80;

/** `10 log10(power)` with librosa's floor and a reference of 1. */
export function powerToDecibels(power: number): number {
  return 10 * Math.log10(power > POWER_FLOOR ? power : POWER_FLOOR);
}

/** Raises, in place, whatever lies more than 80 dB below the largest value. */
export function limitDynamicRange(decibels: Float32Array | Float64Array): void {
  let loudest = -Infinity;
  for (const value of decibels) if (value > loudest) loudest = value;
  const floor = loudest - DYNAMIC_RANGE_DB;
  for (let i = 0; i < decibels.length; i++) if (decibels[i]! < floor) decibels[i] = floor;
}
