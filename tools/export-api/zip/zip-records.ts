/** Records of PKWARE's APPNOTE 6.3.10, sections 4.3.7 to 4.3.16. */

const MOST_32_BITS = 0xffffffff;
const MOST_16_BITS = 0xffff;
const VERSION = 45;
/** Made by Unix: the upper half of the external attributes is a mode. */
const MADE_BY_UNIX = 3 << 8;
const ZIP64_FIELD = 0x0001;
/** 2025-12-20. */
const DOS_DATE = ((2025 - 1980) << 9) | (12 << 5) | 20;

export interface HeaderFields {
  name: Buffer;
  method: number;
  flags: number;
  crc32: number;
  packedSize: number;
  size: number;
  mode: number;
  /** Of the local header. */
  offset: number;
}

const isLarge = (value: number): boolean => value >= MOST_32_BITS;
const fitted = (value: number): number => Math.min(value, MOST_32_BITS);

const hasDescriptor = ({ flags }: HeaderFields): boolean => (flags & 0x0008) !== 0;

export function localHeader(fields: HeaderFields): Buffer {
  const { name, method, flags } = fields;
  const later = hasDescriptor(fields);
  const large = isLarge(fields.size) || isLarge(fields.packedSize);
  const extra = large ? zip64Extra([fields.size, fields.packedSize]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(later ? 0 : fields.crc32, 14);
  header.writeUInt32LE(large ? MOST_32_BITS : later ? 0 : fields.packedSize, 18);
  header.writeUInt32LE(large ? MOST_32_BITS : later ? 0 : fields.size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

export function dataDescriptor({ crc32, packedSize, size }: HeaderFields): Buffer {
  const large = isLarge(size) || isLarge(packedSize);
  const record = Buffer.alloc(large ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc32, 4);
  if (large) {
    record.writeBigUInt64LE(BigInt(packedSize), 8);
    record.writeBigUInt64LE(BigInt(size), 16);
  } else {
    record.writeUInt32LE(packedSize, 8);
    record.writeUInt32LE(size, 12);
  }
  return record;
}

export function centralHeader(fields: HeaderFields): Buffer {
  const { name, method, flags, crc32, size, packedSize, offset, mode } = fields;
  const large = [size, packedSize, offset].filter(isLarge);
  const extra = large.length > 0 ? zip64Extra(large) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_BY_UNIX | VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(crc32, 16);
  header.writeUInt32LE(fitted(packedSize), 20);
  header.writeUInt32LE(fitted(size), 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE((mode << 16) >>> 0, 38);
  header.writeUInt32LE(fitted(offset), 42);
  return Buffer.concat([header, name, extra]);
}

/** The end record, after those of zip64 where it cannot say the truth alone. */
export function endRecords(count: number, directorySize: number, directoryOffset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, MOST_16_BITS), 8);
  end.writeUInt16LE(Math.min(count, MOST_16_BITS), 10);
  end.writeUInt32LE(fitted(directorySize), 12);
  end.writeUInt32LE(fitted(directoryOffset), 16);
  if (count < MOST_16_BITS && !isLarge(directorySize) && !isLarge(directoryOffset)) return end;

  const zip64 = Buffer.alloc(56);
  zip64.writeUInt32LE(0x06064b50, 0);
  zip64.writeBigUInt64LE(44n, 4);
  zip64.writeUInt16LE(MADE_BY_UNIX | VERSION, 12);
  zip64.writeUInt16LE(VERSION, 14);
  zip64.writeBigUInt64LE(BigInt(count), 24);
  zip64.writeBigUInt64LE(BigInt(count), 32);
  zip64.writeBigUInt64LE(BigInt(directorySize), 40);
  zip64.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([zip64, locator, end]);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(ZIP64_FIELD, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return extra;
}
