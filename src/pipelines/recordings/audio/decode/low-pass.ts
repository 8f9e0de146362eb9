/** Kaiser's window parameter: 105 dB. */
export const KAISER_BETA = 12.27;
/** Where the filter is half-way down, as a share of the lower rate's half. */
export const CUTOFF_SHARE = 0.9568;
/** Taps at a cutoff of half the input rate; a lower cutoff takes more. */
export const FILTER_TAPS = 184;

/** Bessel's I0 by its series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * A symmetric low-pass filter at the input's rate: a sinc under Kaiser's window, the one that swresample is told to use.
 *
 * @param cutoff as a share of half the input rate
 * @returns the tap in the middle and those on one side of it; all of them sum to 1
 */
export function lowPassTaps(cutoff: number): Float64Array {
  const reach = FILTER_TAPS / 2 / cutoff;
  const taps = Float64Array.from({ length: Math.ceil(reach) }, (_, n) => {
    const x = Math.PI * n * cutoff;
    const window = besselI0(KAISER_BETA * Math.sqrt(Math.max(0, 1 - (n / reach) ** 2)));
    return (n === 0 ? 1 : Math.sin(x) / x) * window;
  });
  const sum = 2 * taps.reduce((total, tap) => total + tap, 0) - taps[0]!;
  return taps.map((tap) => tap / sum);
}

/** The filter's gain (real, since it is symmetric) at `bins` frequencies from 0 up, of a transform of `length` values. */
export function frequencyResponse(taps: Float64Array, bins: number, length: number): Float64Array {
  const cosines = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
  return Float64Array.from({ length: bins }, (_, bin) => {
    let gain = taps[0]!;
    for (let n = 1; n < taps.length; n++) gain += 2 * taps[n]! * cosines[(bin * n) % length]!;
    return gain;
  });
}
