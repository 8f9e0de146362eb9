/** A FLAC block may hold so many samples; when all are equal it still takes 14 bytes. */
const BLOCK_SAMPLES = 65_535;
const SAMPLE_RATE_HZ = 8_000;

/** Silence as a FLAC of some two bytes a second: what a decompression bomb looks like in audio. */
export function silentFlac(seconds: number): Buffer {
  const streamInfo = Buffer.alloc(38);
  // The last metadata block, 34 bytes.
  streamInfo.writeUInt32BE(0x80000022, 0);
  streamInfo.writeUInt16BE(BLOCK_SAMPLES, 4);
  streamInfo.writeUInt16BE(BLOCK_SAMPLES, 6);
  // Sampling rate (20 bits), channels - 1 (3), bits - 1 (5), and no word of how many samples there are.
  streamInfo.writeUInt32BE(((SAMPLE_RATE_HZ << 12) | (0 << 9) | (15 << 4)) >>> 0, 14);
  const blocks = Math.ceil((seconds * SAMPLE_RATE_HZ) / BLOCK_SAMPLES);
  const frames = Array.from({ length: blocks }, (_, number) => silentFrame(number));
  return Buffer.concat([Buffer.from('fLaC'), streamInfo, ...frames]);
}

function silentFrame(number: number): Buffer {
  // Sync; block size follows in 16 bits, 8 kHz; one channel, 16 bits a sample; number as UTF-8; block size - 1.
  const header = [0xff, 0xf8, 0x74, 0x08, ...Buffer.from(String.fromCharCode(number)), 0xff, 0xfe];
  // A constant subframe: its type, and the value.
  const frame = [...header, crc(header, 8, 0x07), 0x00, 0x00, 0x00];
  const check = crc(frame, 16, 0x8005);
  return Buffer.from([...frame, check >> 8, check & 255]);
}

function crc(bytes: readonly number[], width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1);
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++)
      value = (value & top ? (value << 1) ^ polynomial : value << 1) & (2 * top - 1);
  }
  return value;
}
