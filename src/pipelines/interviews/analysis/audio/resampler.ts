import { SPEECH_RATE_HZ } from '../../models/speech/speech-segments.js';

/** Zero crossings of the sinc on each side. */
const LOBES = 8;
/** Of the lower of both rates' halves that is let through; the window's edge needs the rest. */
const PASS_BAND = 0.92;
/** Kaiser window's shape: 70 dB down beside the pass band. */
const KAISER_BETA = 7;
/** Places between two samples that the filter is kept for; rates with more take the nearest one. */
const MOST_PHASES = 1_024;

/** Turns mono sound of one rate into 16 kHz, in pieces; sample n is the sound at n/16,000 s. */
export interface Resampler {
  hear(samples: Float32Array): Float32Array;
  /** What is left, so that all of it is as long as the sound. */
  finish(): Float32Array;
}

/** @param rate samples a second */
export function startResampler(rate: number): Resampler {
  if (rate === SPEECH_RATE_HZ) {
    return { hear: (samples) => samples, finish: () => new Float32Array() };
  }
  const { filters, half, phases } = filtersOf(rate);
  /** Samples that are still needed; the first is sample `first` of the sound. */
  let kept: Float32Array = new Float32Array(half);
  let first = -half;
  let heard = 0;
  let given = 0;

  const give = (until: number): Float32Array => {
    const out: Float32Array = new Float32Array(Math.max(0, until - given));
    for (let index = 0; index < out.length; index++) {
      const position = (given + index) * rate;
      let at = Math.floor(position / SPEECH_RATE_HZ);
      let phase = Math.round(((position - at * SPEECH_RATE_HZ) / SPEECH_RATE_HZ) * phases);
      if (phase === phases) [at, phase] = [at + 1, 0];
      out[index] = weightedSum(filters[phase]!, kept, at - half + 1 - first);
    }
    given += out.length;
    return out;
  };
  const take = (samples: Float32Array): void => {
    const needed = Math.max(0, Math.floor((given * rate) / SPEECH_RATE_HZ) - half - first);
    const rest = kept.subarray(Math.min(needed, kept.length));
    const next = new Float32Array(rest.length + samples.length);
    next.set(rest);
    next.set(samples, rest.length);
    first += kept.length - rest.length;
    kept = next;
  };

  return {
    hear(samples) {
      take(samples);
      heard += samples.length;
      // The last sample that a filter reaches is `half` (and one, for a rounded phase) behind its place.
      return give(Math.floor(((heard - half - 1) * SPEECH_RATE_HZ) / rate));
    },
    finish() {
      take(new Float32Array(2 * half + 2));
      return give(Math.round((heard * SPEECH_RATE_HZ) / rate));
    },
  };
}

/** Four sums at once, since each addition waits for the one before; there are as many taps as that takes. */
function weightedSum(taps: Float32Array, samples: Float32Array, from: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let tap = 0; tap < taps.length; tap += 4) {
    a += taps[tap]! * samples[from + tap]!;
    b += taps[tap + 1]! * samples[from + tap + 1]!;
    c += taps[tap + 2]! * samples[from + tap + 2]!;
    d += taps[tap + 3]! * samples[from + tap + 3]!;
  }
  return a + b + c + d;
}

/** A windowed sinc for each place between two samples. */
function filtersOf(rate: number): { filters: Float32Array[]; half: number; phases: number } {
  const cutoff = (PASS_BAND * Math.min(rate, SPEECH_RATE_HZ)) / rate;
  const half = 2 * Math.ceil(LOBES / cutoff / 2);
  const phases = Math.min(SPEECH_RATE_HZ / greatestDivisor(SPEECH_RATE_HZ, Math.round(rate)), MOST_PHASES);
  const filters = Array.from({ length: phases }, (_, phase) => {
    const taps = Float64Array.from({ length: 2 * half }, (_, tap) => {
      const x = tap - half + 1 - phase / phases;
      return sinc(cutoff * x) * kaiser(x / half);
    });
    // Each place passes a constant as it is.
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return Float32Array.from(taps, (tap) => tap / sum);
  });
  return { filters, half, phases };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const kaiser = (x: number): number =>
  Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; term > sum * 1e-12; n++) sum += term *= (x / (2 * n)) ** 2;
  return sum;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
