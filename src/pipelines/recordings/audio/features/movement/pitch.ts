import { binFrequency } from '../analysis.js';

/** Every other frame is enough for pitch. */
export const PITCH_STRIDE = 2;
const LOWEST_PITCH_HZ = 70;
/** Values that the kernel's `voiceStatistics` writes. */
export const VOICE_FEATURE_COUNT = 9;
/** The kernel knows the same number. */
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
