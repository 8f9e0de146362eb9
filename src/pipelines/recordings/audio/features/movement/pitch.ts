import { binFrequency } from '../analysis.js';
import { mean, ramps } from './numbers.js';

/** Every other frame is enough for pitch. */
export const PITCH_STRIDE = 2;
const LOWEST_PITCH_HZ = 70;
const PITCHES_PER_OCTAVE = 36;
const OCTAVES = 3;
const HIGHEST_HARMONIC_HZ = 3_800;
/** The last harmonic's lobe must lie inside, too. */
const HIGHEST_HARMONIC_MARGIN_HZ = 60;
const HARMONICS = 12;
/** Higher harmonics say less, since they blur when the pitch glides. */
const HARMONIC_TILT = 0.25;

/** Bins that pitches are looked for in; the kernel knows the same number. */
export const PITCH_BIN_COUNT = Math.floor(HIGHEST_HARMONIC_HZ / binFrequency(1)) + 2;
export const PITCH_COUNT = OCTAVES * PITCHES_PER_OCTAVE + 1;
/** Bytes of one lane group. */
const VECTOR = 16;

/**
 * What the kernel compares spectra with: for each pitch and harmonic, where it lies between two bins and with which weights, then
 * the same of the place halfway below it. Octaves and their halves fall on both alike, so that they cancel.
 */
export function pitchTables(): { spacings: Float64Array; termCounts: number[]; terms: Int32Array } {
  const spacings: number[] = [];
  const termCounts: number[] = [];
  const terms: number[] = [];
  const bits = new Int32Array(1);
  const weight = new Float32Array(bits.buffer);
  const addTerm = (place: number, loudness: number): void => {
    const bin = Math.floor(place);
    terms.push(bin * VECTOR);
    for (const share of [1 - (place - bin), place - bin]) {
      weight[0] = loudness * share;
      terms.push(bits[0]!);
    }
  };
  for (let pitch = 0; pitch < PITCH_COUNT; pitch++) {
    const hertz = LOWEST_PITCH_HZ * 2 ** (pitch / PITCHES_PER_OCTAVE);
    const spacing = hertz / binFrequency(1);
    spacings.push(spacing);
    let count = 0;
    while (count < HARMONICS && (count + 1) * hertz <= HIGHEST_HARMONIC_HZ - HIGHEST_HARMONIC_MARGIN_HZ) {
      count++;
      const loudness = count ** -HARMONIC_TILT;
      addTerm(count * spacing, loudness);
      addTerm((count - 0.5) * spacing, loudness);
    }
    termCounts.push(count);
  }
  return { spacings: Float64Array.from(spacings), termCounts, terms: Int32Array.from(terms) };
}

/** Of every other frame. */
export interface PitchTrack {
  /** The pitch that explains the frame best: its index. */
  first: Int32Array;
  /** How well it does: 0 to 1. */
  fit: Float32Array;
  /** How well another pitch explains what the first leaves. */
  second: Float32Array;
}

/** Mean of `value(i)` weighted by `weight(i)` over `count` indices. */
function weightedMean(count: number, value: (i: number) => number, weight: (i: number) => number): number {
  let weighted = 0;
  let weights = 0;
  for (let i = 0; i < count; i++) {
    const w = weight(i);
    weights += w;
    weighted += w * value(i);
  }
  return mean(weighted, weights);
}

export function pitchFeatures({ first, fit, second }: PitchTrack, frameActivity: Float64Array): number[] {
  const count = first.length;
  const active = (i: number): number => frameActivity[i * PITCH_STRIDE]!;
  const clear = ramps(fit, 0.15, 0.35);
  const voicing = clear.map((share, i) => share * active(i));
  const voiced = (i: number): number => voicing[i]!;
  const octaves = (i: number): number => first[i]! / PITCHES_PER_OCTAVE;
  const jump = (i: number): number => Math.abs(octaves(i + 1) - octaves(i));
  const bothVoiced = (i: number): number => voicing[i]! * voicing[i + 1]!;
  const middle = weightedMean(count, octaves, voiced);
  const strong = ramps(second, 0.2, 0.4);
  return [
    weightedMean(count, (i) => clear[i]!, active),
    weightedMean(count, (i) => fit[i]!, active),
    weightedMean(count, (i) => fit[i]!, voiced),
    weightedMean(count, (i) => second[i]!, voiced),
    weightedMean(count, (i) => strong[i]!, voiced),
    middle,
    Math.sqrt(weightedMean(count, (i) => (octaves(i) - middle) ** 2, voiced)),
    weightedMean(count - 1, (i) => Math.min(jump(i), 0.2), bothVoiced),
    weightedMean(count - 1, (i) => Math.min(1, Math.max(0, (jump(i) - 0.15) / 0.25)), bothVoiced),
  ];
}
