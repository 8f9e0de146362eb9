import { startTruePeakMeter } from './true-peak.js';

/** A sample counts as clipped when it and its neighbours reach this: full scale but for rounding. */
const FULL_SCALE = 0.999;
/** A single sample at full scale may be a peak; so many in a row are not. */
const LEAST_RUN = 3;

/** Peaks, clipping and energy of all channels' samples. */
export interface PeakMeter {
  hear(channels: readonly Float32Array[]): void;
  finish(): Peaks;
}

export interface Peaks {
  sample_peak: number;
  true_peak: number;
  samples: number;
  clipped_samples: number;
  square_sum: number;
}

export function startPeakMeter(): PeakMeter {
  let meters: ReturnType<typeof startTruePeakMeter>[] = [];
  /** Samples at full scale that each channel ends with. */
  let runs: number[] = [];
  /** Squares of each channel, added sample by sample: the sum is the same however the sound is cut. */
  let sums: number[] = [];
  const found = { sample_peak: 0, true_peak: 0, samples: 0, clipped_samples: 0, square_sum: 0 };
  const closeChannels = (): void => {
    for (const { peak } of meters) found.true_peak = Math.max(found.true_peak, peak);
    for (const sum of sums) found.square_sum += sum;
  };

  return {
    hear(channels) {
      if (channels.length !== meters.length) {
        closeChannels();
        meters = channels.map(() => startTruePeakMeter());
        runs = channels.map(() => 0);
        sums = channels.map(() => 0);
      }
      for (const [channel, samples] of channels.entries()) {
        meters[channel]!.hear(samples);
        let run = runs[channel]!;
        let most = 0;
        let sum = sums[channel]!;
        for (let index = 0; index < samples.length; index++) {
          const value = Math.abs(samples[index]!);
          sum += value * value;
          if (value > most) most = value;
          if (value < FULL_SCALE) {
            run = 0;
            continue;
          }
          run++;
          if (run === LEAST_RUN) found.clipped_samples += LEAST_RUN;
          else if (run > LEAST_RUN) found.clipped_samples++;
        }
        runs[channel] = run;
        sums[channel] = sum;
        found.samples += samples.length;
        found.sample_peak = Math.max(found.sample_peak, most);
      }
    },
    finish() {
      closeChannels();
      return { ...found, true_peak: Math.max(found.true_peak, found.sample_peak) };
    },
  };
}
