import { startKWeighting, type KWeighting } from './k-weighting.js';

/** Tenths of a second in a second. */
const TENTHS = 10;
/** Of BS.1770-4, for front left, right and centre, the low-frequency channel, and two at the back: the order of six channels. */
const SIX_CHANNEL_WEIGHTS = [1, 1, 1, 0, 1.41, 1.41];
/** Digits that are kept: far below what loudness is given to, and half of the bytes. */
const DIGITS = 7;

/** K-weighted energy of each tenth of a second. */
export interface TenthsMeter {
  /** @param channels of one length */
  hear(channels: readonly Float32Array[], rate: number): void;
  /** Mean square of each whole tenth, all channels added up by their weights. */
  readonly tenths: readonly number[];
}

export function startTenthsMeter(): TenthsMeter {
  const tenths: number[] = [];
  let rate = 0;
  let filters: KWeighting[] = [];
  /** Samples since the rate is what it is, and tenths that ended since. */
  let heard = 0;
  let ended = 0;
  /** Of the begun tenth: squares of each channel, and samples. */
  let sums: number[] = [];
  let begun = 0;

  return {
    hear(channels, newRate) {
      if (newRate !== rate || channels.length !== filters.length) {
        // Another sound begins: its filters know nothing yet, and the begun tenth is given up.
        rate = newRate;
        filters = channels.map(() => startKWeighting(rate));
        sums = channels.map(() => 0);
        heard = ended = begun = 0;
      }
      const length = channels[0]!.length;
      for (let from = 0; from < length;) {
        // A tenth may be no whole number of samples.
        const end = Math.round(((ended + 1) * rate) / TENTHS);
        const to = Math.min(length, from + end - heard);
        for (const [index, filter] of filters.entries()) {
          sums[index] = filter.addEnergy(sums[index]!, channels[index]!, from, to);
        }
        begun += to - from;
        heard += to - from;
        from = to;
        if (heard < end) continue;
        const sum = sums.reduce((all, one, index) => all + weightOf(index, channels.length) * one, 0);
        tenths.push(Number((sum / begun).toPrecision(DIGITS)));
        // Only here, so that it does not matter where pieces end.
        for (const filter of filters) filter.settle();
        sums.fill(0);
        begun = 0;
        ended++;
      }
    },
    tenths,
  };
}

const weightOf = (channel: number, channels: number): number =>
  channels === SIX_CHANNEL_WEIGHTS.length ? SIX_CHANNEL_WEIGHTS[channel]! : 1;
