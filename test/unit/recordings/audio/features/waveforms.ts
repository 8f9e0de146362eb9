import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE_RATE_HZ = 22_050;

export const fixtures = join(__dirname, '..', '..', '..', '..', 'fixtures', 'audio');

/** Uniform in [-1, 1) from a linear congruential generator, the same in any language. */
function noise(count: number): Float64Array {
  let state = 1;
  return new Float64Array(count).map(() => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function tone(count: number, hertz: number): Float64Array {
  return new Float64Array(count).map((_, i) => Math.sin((2 * Math.PI * hertz * i) / SAMPLE_RATE_HZ));
}

function speech(): Float64Array {
  const file = readFileSync(join(fixtures, 'files', 'speech.wav'));
  const data = file.indexOf('data') + 8;
  return new Float64Array((file.length - data) / 2).map((_, i) => file.readInt16LE(data + 2 * i) / 32_768);
}

/** The waveforms of scripts/make-golden-features.py, by the same recipes. */
export function waveforms(): Record<string, Float32Array> {
  const second = SAMPLE_RATE_HZ;
  const spoken = speech();
  const [a, b, c, d] = [220, 330, 440, 550].map((hertz) => tone(2 * second, hertz));
  const minuteNoise = noise(60 * second);
  const minuteTone = tone(60 * second, 1_000);
  const recipes: Record<string, Float64Array> = {
    silence: new Float64Array(2 * second),
    one_sample: Float64Array.of(0.5),
    eight_frames: spoken.slice(6_000, 10_000),
    nine_frames: spoken.slice(6_000, 10_096),
    noise: noise(2 * second).map((value) => 0.1 * value),
    dc_offset: noise(2 * second).map((value) => 0.3 + 0.01 * value),
    tone: tone(2 * second, 440).map((value) => 0.5 * value),
    chord_without_treble: a!.map((value, i) => (value + b![i]! + c![i]! + d![i]!) / 8),
    speech: spoken,
    quiet_speech: spoken.map((value) => 0.001 * value),
    clipped_speech: spoken.map((value) => Math.max(-1, Math.min(1, 8 * value))),
    speech_between_silences: new Float64Array(2 * second + spoken.length),
    minute: minuteNoise.map((value, i) => {
      const swell = Math.abs((i % (4 * second)) / (2 * second) - 1);
      return 0.3 * swell * (value + minuteTone[i]!);
    }),
  };
  recipes['speech_between_silences']!.set(spoken, second);
  return Object.fromEntries(
    Object.entries(recipes).map(([name, values]) => [name, Float32Array.from(values)]),
  );
}
