/** Sound in floating point may be louder than full scale; what is louder than this, is damage. */
const LOUDEST = 8;

/** The channels as they are, or copies in which samples that are no numbers are silence and none is louder than 18 dB over full scale. */
export function cleanChannels(channels: readonly Float32Array[]): readonly Float32Array[] {
  return channels.map((samples) => (isClean(samples) ? samples : samples.map(cleaned)));
}

/** False for what is not a number, too. */
function isClean(samples: Float32Array): boolean {
  for (let index = 0; index < samples.length; index++) {
    if (!(Math.abs(samples[index]!) <= LOUDEST)) return false;
  }
  return true;
}

const cleaned = (sample: number): number =>
  Number.isFinite(sample) ? Math.min(LOUDEST, Math.max(-LOUDEST, sample)) : 0;

/** The mean of all channels. */
export function mixToMono(channels: readonly Float32Array[]): Float32Array {
  if (channels.length === 1) return channels[0]!;
  const mono = new Float32Array(channels[0]!.length);
  for (const samples of channels) {
    for (let index = 0; index < mono.length; index++) mono[index]! += samples[index]! / channels.length;
  }
  return mono;
}
