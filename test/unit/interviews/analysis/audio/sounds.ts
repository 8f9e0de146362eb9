/** Made-up sounds, from -1 to 1. */

export function tone(hertz: number, rate: number, seconds: number, amplitude = 1, phase = 0): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, index) => amplitude * Math.sin((2 * Math.PI * hertz * index) / rate + phase),
  );
}

/** A pulse a period, as from vocal folds, through two resonances; without them its pitch is the same. */
export function voice(hertz: number, rate: number, seconds: number): Float32Array {
  const samples = new Float32Array(Math.round(rate * seconds));
  for (let harmonic = 1; harmonic * hertz < Math.min(4_000, rate / 2); harmonic++) {
    const formants = [600, 1_200].map((formant) => 1 / (1 + ((harmonic * hertz - formant) / 150) ** 2));
    const amplitude = (0.05 + Math.max(...formants)) / 4;
    for (let index = 0; index < samples.length; index++) {
      samples[index]! += amplitude * Math.sin((2 * Math.PI * harmonic * hertz * index) / rate);
    }
  }
  return samples;
}

/** White, the same each time. */
export function noise(samples: number, rms: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state / 2 ** 32) * 2 - 1) * rms * Math.sqrt(3);
  });
}

export function joinedSounds(...sounds: Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((length, sound) => length + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}

/** Cut into pieces of these lengths, again and again. */
export function* piecesOf(
  channels: readonly Float32Array[],
  lengths: readonly number[],
): Generator<Float32Array[]> {
  const total = channels[0]!.length;
  for (let [at, piece] = [0, 0]; at < total; piece++) {
    const length = lengths[piece % lengths.length]!;
    yield channels.map((samples) => samples.subarray(at, at + length));
    at += length;
  }
}
