/** ITU-R BS.1770-4, annex 2: interpolation by four; the other two phases are these backwards. */
const FIRST_PHASE = [
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625,
  0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
];
const SECOND_PHASE = [
  -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
  -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
];
const PHASES = [FIRST_PHASE, SECOND_PHASE, SECOND_PHASE.toReversed(), FIRST_PHASE.toReversed()].map((taps) =>
  Float64Array.from(taps),
);
const TAPS = FIRST_PHASE.length;
/** No interpolated value exceeds the greatest sample around it by more than this. */
const GREATEST_GAIN = Math.max(...PHASES.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));
/** Samples that are passed over at once where nothing between them can be a new peak. */
const BLOCK = 64;

/** The greatest absolute value of one channel, between its samples, too. */
export interface TruePeakMeter {
  hear(samples: Float32Array): void;
  readonly peak: number;
}

export function startTruePeakMeter(): TruePeakMeter {
  let peak = 0;
  /** The last samples of the piece before, then the new ones. */
  let window = new Float32Array(TAPS - 1);

  return {
    hear(samples) {
      const known = TAPS - 1;
      const all = new Float32Array(known + samples.length);
      all.set(window);
      all.set(samples, known);
      for (let from = 0; from < samples.length; from += BLOCK) {
        const to = Math.min(from + BLOCK, samples.length);
        if (greatestOf(all, from, to + known) * GREATEST_GAIN > peak) peak = peakBetween(all, from, to, peak);
      }
      window = all.slice(samples.length);
    },
    get peak() {
      return peak;
    },
  };
}

function greatestOf(values: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let index = from; index < to; index++) most = Math.max(most, Math.abs(values[index]!));
  return most;
}

/** @param values each filter begins at `from` to before `to` */
function peakBetween(values: Float32Array, from: number, to: number, known: number): number {
  let peak = known;
  for (let at = from; at < to; at++) {
    for (const taps of PHASES) {
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap++) sum += taps[tap]! * values[at + tap]!;
      peak = Math.max(peak, Math.abs(sum));
    }
  }
  return peak;
}
