/** Two filters after each other: `y = b0·x + b1·x₋₁ + b2·x₋₂ − a1·y₋₁ − a2·y₋₂`. */
interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Analogue prototypes of ITU-R BS.1770-4's two stages, from which its coefficients for 48 kHz follow (Mansbridge et al., AES 132, 2012). */
const SHELF = { hz: 1_681.974450955533, q: 0.7071752369554196, gainDb: 3.999843853973347 };
const HIGH_PASS = { hz: 38.13547087602444, q: 0.5003270373238773 };
/** 400 dB below full scale. */
const DIED_AWAY = 1e-20;
/** Of the shelf's gain that its middle has. */
const SHELF_MIDDLE = 0.4996667741545416;

/** BS.1770-4's "K" pre-filter of one channel: a shelf for the head, then a high-pass. It remembers the samples before. */
export interface KWeighting {
  /** Adds the squares of the filtered samples from `from` to before `to` to a sum. */
  addEnergy(sum: number, samples: Float32Array, from: number, to: number): number;
  /** Forgets what has died away: numbers next to zero take a hundred times as long. */
  settle(): void;
}

/** @param rate samples a second */
export function startKWeighting(rate: number): KWeighting {
  const [shelf, highPass] = [shelfAt(rate), highPassAt(rate)];
  let [shelf1, shelf2, high1, high2] = [0, 0, 0, 0];
  return {
    addEnergy(before, samples, from, to) {
      // Locals: what a closure remembers is read and written anew for each sample.
      const { b0, b1, b2, a1, a2 } = shelf;
      const { a1: c1, a2: c2 } = highPass;
      let [s1, s2, h1, h2] = [shelf1, shelf2, high1, high2];
      let sum = before;
      for (let index = from; index < to; index++) {
        const x = samples[index]!;
        const y = b0 * x + s1;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        const z = y + h1;
        h1 = -2 * y - c1 * z + h2;
        h2 = y - c2 * z;
        sum += z * z;
      }
      [shelf1, shelf2, high1, high2] = [s1, s2, h1, h2];
      return sum;
    },
    settle() {
      const left = [shelf1, shelf2, high1, high2].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (left < DIED_AWAY) shelf1 = shelf2 = high1 = high2 = 0;
    },
  };
}

function shelfAt(rate: number): Biquad {
  const k = Math.tan((Math.PI * Math.min(SHELF.hz, rate * 0.49)) / rate);
  const high = 10 ** (SHELF.gainDb / 20);
  const middle = high ** SHELF_MIDDLE;
  const a0 = 1 + k / SHELF.q + k * k;
  return {
    b0: (high + (middle * k) / SHELF.q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (middle * k) / SHELF.q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / SHELF.q + k * k) / a0,
  };
}

function highPassAt(rate: number): Biquad {
  const k = Math.tan((Math.PI * HIGH_PASS.hz) / rate);
  const a0 = 1 + k / HIGH_PASS.q + k * k;
  // The standard's numerator is 1, −2, 1, whatever the rate.
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / HIGH_PASS.q + k * k) / a0 };
}
