const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;
const PCM = 1;
const MONO = 1;
const FULL_SCALE = 32_767;

/**
 * A mono WAV file of 16-bit samples, which every browser plays.
 *
 * @param samples full scale 1; beyond it they are clipped, and what is no number is silence
 * @see http://soundfile.sapp.org/doc/WaveFormat/
 */
export function encodeWave(samples: Float32Array, sampleRateHz: number): Buffer {
  const bytes = samples.length * BYTES_PER_SAMPLE;
  const wave = Buffer.alloc(HEADER_BYTES + bytes);
  wave.write('RIFF', 0, 'latin1');
  wave.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  wave.write('WAVEfmt ', 8, 'latin1');
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(PCM, 20);
  wave.writeUInt16LE(MONO, 22);
  wave.writeUInt32LE(sampleRateHz, 24);
  wave.writeUInt32LE(sampleRateHz * BYTES_PER_SAMPLE, 28);
  wave.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  wave.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  wave.write('data', 36, 'latin1');
  wave.writeUInt32LE(bytes, 40);
  // Aligned, as the header is of an even length, and little-endian as every machine that Node runs on.
  const out = new Int16Array(wave.buffer, wave.byteOffset + HEADER_BYTES, samples.length);
  for (let at = 0; at < samples.length; at++) {
    const sample = samples[at]!;
    out[at] = Number.isNaN(sample) ? 0 : Math.round(Math.max(-1, Math.min(1, sample)) * FULL_SCALE);
  }
  return wave;
}
