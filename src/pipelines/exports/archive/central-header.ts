import { FileRefused } from '../errors.js';
import { EXTRA_IDS, extraFieldsOf } from './extra-fields.js';
import { IN_ZIP64_16, IN_ZIP64_32, readUint64, SIGNATURES } from './records.js';

/** What the central directory states of an entry, sizes and offset those of zip64 where it refers to them. */
export interface StatedFields {
  flags: number;
  method: number;
  crc32: number;
  compressedSize: number;
  size: number;
  /** Of its local header, from the file's start. */
  offset: number;
}

/** An entry's header in the central directory. */
export interface CentralHeader extends StatedFields {
  externalAttributes: number;
  name: Buffer;
  extra: Buffer;
  /** Of this header in the directory, with all that follows it. */
  length: number;
}

export const FLAGS = {
  encrypted: 1 << 0,
  descriptor: 1 << 3,
  patched: 1 << 5,
  strongEncryption: 1 << 6,
  utf8: 1 << 11,
  maskedHeaders: 1 << 13,
} as const;

export const CENTRAL_HEADER_BYTES = 46;

/**
 * Reads the header at a place of the directory.
 *
 * @param n of the entry, for messages
 * @throws FileRefused when no header is there, or it does not fit in the directory
 */
export function readCentralHeader(directory: Buffer, at: number, n: number): CentralHeader {
  if (at + CENTRAL_HEADER_BYTES > directory.length) {
    throw new FileRefused('count_mismatch', `The directory ends at entry ${n} of those that are stated.`);
  }
  if (directory.readUInt32LE(at) !== SIGNATURES.centralHeader) {
    throw n === 0
      ? new FileRefused('offsets', 'There is no directory where the end record says.')
      : new FileRefused(
          'count_mismatch',
          `The directory has no header at entry ${n} of those that are stated.`,
        );
  }
  const nameEnd = at + CENTRAL_HEADER_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const end = extraEnd + directory.readUInt16LE(at + 32);
  if (end > directory.length) {
    throw new FileRefused('out_of_bounds', `The header of entry ${n} reaches past the directory.`);
  }
  const extra = directory.subarray(nameEnd, extraEnd);
  const wide = zip64Fields(
    extra,
    {
      size: directory.readUInt32LE(at + 24),
      compressedSize: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
      disk: directory.readUInt16LE(at + 34),
    },
    n,
  );
  if (wide.disk !== 0) throw new FileRefused('split', `Entry ${n} begins on disk ${wide.disk}.`);
  return {
    flags: directory.readUInt16LE(at + 8),
    method: directory.readUInt16LE(at + 10),
    crc32: directory.readUInt32LE(at + 16),
    compressedSize: wide.compressedSize,
    size: wide.size,
    offset: wide.offset,
    externalAttributes: directory.readUInt32LE(at + 38),
    name: directory.subarray(at + CENTRAL_HEADER_BYTES, nameEnd),
    extra,
    length: end - at,
  };
}

interface WideFields {
  size: number;
  compressedSize: number;
  offset: number;
  disk: number;
}

/** Fills in what refers to the zip64 field, which holds those values alone, in this order (APPNOTE 4.5.3). */
function zip64Fields(extra: Buffer, fields: WideFields, n: number): WideFields {
  const needed =
    fields.size === IN_ZIP64_32 ||
    fields.compressedSize === IN_ZIP64_32 ||
    fields.offset === IN_ZIP64_32 ||
    fields.disk === IN_ZIP64_16;
  if (!needed) return fields;
  const found = extraFieldsOf(extra, EXTRA_IDS.zip64);
  const [field] = found;
  if (!field || found.length > 1) {
    throw new FileRefused(
      'zip64_field',
      `Entry ${n} refers to a zip64 field and has ${found.length} of them.`,
    );
  }
  let at = 0;
  const next = (width: 4 | 8): number => {
    if (at + width > field.length) {
      throw new FileRefused('zip64_field', `The zip64 field of entry ${n} ends after ${field.length} bytes.`);
    }
    at += width;
    return width === 8 ? readUint64(field, at - 8) : field.readUInt32LE(at - 4);
  };
  return {
    size: fields.size === IN_ZIP64_32 ? next(8) : fields.size,
    compressedSize: fields.compressedSize === IN_ZIP64_32 ? next(8) : fields.compressedSize,
    offset: fields.offset === IN_ZIP64_32 ? next(8) : fields.offset,
    disk: fields.disk === IN_ZIP64_16 ? next(4) : fields.disk,
  };
}
