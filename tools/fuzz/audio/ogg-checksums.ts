/** Fixed part of an Ogg page's header, before its segment table. */
const FIXED_HEADER_BYTES = 27;
const CHECKSUM_AT = 22;
/** RFC 3533: no reflection, initial value and final exclusive-or 0. */
const POLYNOMIAL = 0x04c11db7;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = (byte << 24) >>> 0;
  for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ (value & 0x80000000 ? POLYNOMIAL : 0)) >>> 0;
  return value;
});

/**
 * Writes every Ogg page's checksum anew. Without it a demuxer drops each page that was damaged, and nothing behind it
 * is tried.
 */
export function repairOggChecksums(bytes: Buffer): Buffer {
  const repaired = Buffer.from(bytes);
  let at = repaired.indexOf('OggS');
  while (at >= 0 && at + FIXED_HEADER_BYTES <= repaired.length) {
    const bodyAt = at + FIXED_HEADER_BYTES + repaired[at + FIXED_HEADER_BYTES - 1]!;
    const sizes = repaired.subarray(at + FIXED_HEADER_BYTES, bodyAt);
    const end = bodyAt + sizes.reduce((sum, size) => sum + size, 0);
    if (end > repaired.length) break;
    repaired.writeUInt32LE(0, at + CHECKSUM_AT);
    repaired.writeUInt32LE(checksum(repaired.subarray(at, end)), at + CHECKSUM_AT);
    at = repaired.indexOf('OggS', at + FIXED_HEADER_BYTES);
  }
  return repaired;
}

function checksum(page: Buffer): number {
  let value = 0;
  for (const byte of page) value = ((value << 8) ^ TABLE[(value >>> 24) ^ byte]!) >>> 0;
  return value;
}
