/** Samples a second that pitch is looked for in: of the 16 kHz sound, the mean of each two. */
const RATE_HZ = 8_000;
/** Pitches of voices, children's included. */
export const LOWEST_PITCH_HZ = 60;
export const HIGHEST_PITCH_HZ = 500;
const LONGEST_LAG = Math.floor(RATE_HZ / LOWEST_PITCH_HZ);
const SHORTEST_LAG = Math.floor(RATE_HZ / HIGHEST_PITCH_HZ);
/** Samples that are compared with those a lag later: 32 ms. */
const WINDOW = 256;
/** Samples at 16 kHz that a look takes. */
export const PITCH_SAMPLES = 2 * (WINDOW + LONGEST_LAG + 1);
/** The first lag below this is the period (YIN's absolute threshold); a frame that never comes below the second one is not voiced. */
const CLEAR = 0.15;
const VOICED = 0.3;

/**
 * Pitch of a voiced sound, by YIN (de Cheveigné & Kawahara, JASA 111, 2002, steps 2 to 5).
 *
 * @param pcm16k `PITCH_SAMPLES` of them
 * @returns Hz; undefined where the sound is not voiced
 */
export function pitchOf(pcm16k: Float32Array): number | undefined {
  const samples = new Float32Array(WINDOW + LONGEST_LAG + 1);
  for (let index = 0; index < samples.length; index++) {
    samples[index] = (pcm16k[2 * index]! + pcm16k[2 * index + 1]!) / 2;
  }
  const differences = normalizedDifferences(samples);
  let best = 0;
  for (let lag = SHORTEST_LAG; lag < LONGEST_LAG; lag++) {
    if (best === 0 || differences[lag]! < differences[best]!) best = lag;
    // Down to the bottom of the first valley that is deep enough.
    if (differences[best]! < CLEAR && differences[lag + 1]! >= differences[lag]!) break;
  }
  if (!(differences[best]! < VOICED)) return undefined;
  const pitch = RATE_HZ / bottomOf(differences, best);
  return pitch >= LOWEST_PITCH_HZ && pitch < HIGHEST_PITCH_HZ ? pitch : undefined;
}

/** YIN's d′: how much the sound differs from itself a lag later, over the mean of all shorter lags. */
function normalizedDifferences(samples: Float32Array): Float64Array {
  const differences = new Float64Array(LONGEST_LAG + 1).fill(1);
  let sum = 0;
  for (let lag = 1; lag <= LONGEST_LAG; lag++) {
    // Four sums at once, since each addition waits for the one before.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let index = 0; index < WINDOW; index += 4) {
      a += (samples[index]! - samples[index + lag]!) ** 2;
      b += (samples[index + 1]! - samples[index + lag + 1]!) ** 2;
      c += (samples[index + 2]! - samples[index + lag + 2]!) ** 2;
      d += (samples[index + 3]! - samples[index + lag + 3]!) ** 2;
    }
    const difference = a + b + c + d;
    sum += difference;
    if (sum > 0) differences[lag] = (difference * lag) / sum;
  }
  return differences;
}

/** Where a parabola through three lags is lowest. */
function bottomOf(differences: Float64Array, lag: number): number {
  const [before, at, after] = [differences[lag - 1]!, differences[lag]!, differences[lag + 1]!];
  const curve = before - 2 * at + after;
  return curve > 0 ? lag + (before - after) / (2 * curve) : lag;
}
