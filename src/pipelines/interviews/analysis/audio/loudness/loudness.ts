/** Of BS.1770-4: the loudness of a mean square of 1, in LUFS. */
const OFFSET_LUFS = -0.691;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
/** Tenths of a second of a gating block and of momentary loudness (400 ms, overlapping by three quarters), and of short-term loudness. */
const MOMENTARY_TENTHS = 4;
const SHORT_TERM_TENTHS = 30;
/** Of EBU Tech 3342. */
const RANGE_GATE_LU = -20;
const RANGE_PERCENTILES = [0.1, 0.95] as const;
/** Tech 3342 warns of programmes below a minute. */
const LEAST_RANGE_TENTHS = 600;

/** What is said of a sound's loudness; null where nothing passes the gates. */
export interface Loudness {
  integrated_lufs: number | null;
  max_momentary_lufs: number | null;
  max_short_term_lufs: number | null;
  loudness_range_lu: number | null;
}

/**
 * Loudness by ITU-R BS.1770-4 and EBU Tech 3342, from the energies of tenths of a second: since gates need all of them, this is how a
 * sound that was heard in parts has the loudness of the whole.
 *
 * @param tenths mean squares, K-weighted, channels added up
 */
export function loudnessOf(tenths: readonly number[]): Loudness {
  const momentary = means(tenths, MOMENTARY_TENTHS);
  const shortTerm = means(tenths, SHORT_TERM_TENTHS);
  return {
    integrated_lufs: lufsOf(gatedMean(momentary)),
    max_momentary_lufs: lufsOf(greatest(momentary)),
    max_short_term_lufs: lufsOf(greatest(shortTerm)),
    loudness_range_lu: tenths.length < LEAST_RANGE_TENTHS ? null : rangeOf(shortTerm),
  };
}

/** Mean of each so many following ones. */
function means(values: readonly number[], count: number): number[] {
  return Array.from({ length: Math.max(0, values.length - count + 1) }, (_, first) => {
    let sum = 0;
    for (let index = first; index < first + count; index++) sum += values[index]!;
    return sum / count;
  });
}

/** The mean of the blocks that pass both gates, 0 where none does. */
function gatedMean(blocks: readonly number[]): number {
  const audible = above(blocks, meanSquareOf(ABSOLUTE_GATE_LUFS));
  return mean(above(audible, mean(audible) * 10 ** (RELATIVE_GATE_LU / 10)));
}

/** Of short-term loudness, from its 10th to its 95th percentile. */
function rangeOf(blocks: readonly number[]): number | null {
  const audible = above(blocks, meanSquareOf(ABSOLUTE_GATE_LUFS));
  const counted = above(audible, mean(audible) * 10 ** (RANGE_GATE_LU / 10)).sort((a, b) => a - b);
  if (counted.length === 0) return null;
  const [low, high] = RANGE_PERCENTILES.map((part) => counted[Math.round((counted.length - 1) * part)]!) as [
    number,
    number,
  ];
  return 10 * Math.log10(high / low);
}

const above = (values: readonly number[], gate: number): number[] => values.filter((value) => value > gate);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** A loop: a spread of hours of blocks would be too many arguments. */
const greatest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0);

const meanSquareOf = (lufs: number): number => 10 ** ((lufs - OFFSET_LUFS) / 10);

const lufsOf = (meanSquare: number): number | null =>
  meanSquare > 0 ? OFFSET_LUFS + 10 * Math.log10(meanSquare) : null;
