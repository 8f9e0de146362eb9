/** Signatures of a ZIP's records (APPNOTE 6.3.10, 4.3), as little-endian numbers. */
export const SIGNATURES = {
  localHeader: 0x04034b50,
  descriptor: 0x08074b50,
  centralHeader: 0x02014b50,
  endRecord: 0x06054b50,
  zip64EndRecord: 0x06064b50,
  zip64Locator: 0x07064b50,
} as const;

/** Stands for "see the zip64 field". */
export const IN_ZIP64_16 = 0xffff;
export const IN_ZIP64_32 = 0xffffffff;

/** A 64-bit number; past 2^53 about, which is past every bound it is held against. */
export function readUint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}
