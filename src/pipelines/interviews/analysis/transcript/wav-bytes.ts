const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/** A WAV file of mono sound, 16 bits a sample. @param samples from -1 to 1; louder ones are clipped */
export function wavBytes(samples: Float32Array, rate: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + samples.length * BYTES_PER_SAMPLE);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  // PCM, one channel.
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * BYTES_PER_SAMPLE, 28);
  bytes.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  bytes.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * BYTES_PER_SAMPLE, 40);
  for (const [index, sample] of samples.entries()) {
    const value = Math.round(Math.min(1, Math.max(-1, sample)) * 32_767);
    bytes.writeInt16LE(value, HEADER_BYTES + index * BYTES_PER_SAMPLE);
  }
  return bytes;
}
