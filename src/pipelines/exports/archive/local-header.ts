import { EntryRefused, FileRefused } from '../errors.js';
import type { ArchiveEntry } from './archive-entry.js';
import { FLAGS } from './central-header.js';
import { unicodePathsOf } from './entry-name.js';
import { EXTRA_IDS, extraFieldsOf } from './extra-fields.js';
import { IN_ZIP64_32, readUint64, SIGNATURES } from './records.js';
import { decodeUtf8 } from './utf8.js';

export const LOCAL_HEADER_BYTES = 30;

/** The bytes of a local header that begins so, with its name and extra fields; undefined where none begins. */
export function localHeaderLength(bytes: Buffer): number | undefined {
  if (bytes.readUInt32LE(0) !== SIGNATURES.localHeader) return undefined;
  return LOCAL_HEADER_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
}

/**
 * @param length of its local header
 * @throws FileRefused when the content would reach into the next entry, or into the directory
 */
export function fitsBeforeNext(entry: ArchiveEntry, length: number, directoryOffset: number): void {
  const end = entry.offset + length + entry.compressedSize;
  if (end <= entry.end) return;
  throw new FileRefused(
    entry.end === directoryOffset ? 'out_of_bounds' : 'overlap',
    `Entry ${entry.n} ends at ${end} with its local header, and what follows begins at ${entry.end}.`,
  );
}

/**
 * Holds a local header against what the directory states.
 *
 * @param header whole, with name and extra fields
 * @throws EntryRefused `header_mismatch`
 */
export function checkLocalHeader(entry: ArchiveEntry, header: Buffer): void {
  const nameEnd = LOCAL_HEADER_BYTES + header.readUInt16LE(26);
  same('flags', entry.flags, header.readUInt16LE(6));
  same('method', entry.method, header.readUInt16LE(8));
  if (!header.subarray(LOCAL_HEADER_BYTES, nameEnd).equals(entry.nameBytes)) {
    throw new EntryRefused('header_mismatch', 'Its local header has another name.');
  }
  const extra = header.subarray(nameEnd);
  // Who reads from the front goes by this one.
  if (unicodePathsOf(entry.nameBytes, extra).some((path) => !isNameOf(entry, path))) {
    throw new EntryRefused(
      'header_mismatch',
      'The Unicode path field of its local header names it differently.',
    );
  }
  const stated = { crc32: header.readUInt32LE(14), ...localSizes(header, extra) };
  const later = (entry.flags & FLAGS.descriptor) !== 0;
  for (const field of ['crc32', 'compressedSize', 'size'] as const) {
    // Known only once the content was written.
    if (!(later && stated[field] === 0)) same(field, entry[field], stated[field]);
  }
}

function isNameOf({ name }: ArchiveEntry, path: Buffer): boolean {
  return decodeUtf8(path)?.replaceAll('\\', '/') === name;
}

/** Both sizes, from the zip64 field where the header refers to it (APPNOTE 4.5.3). */
function localSizes(header: Buffer, extra: Buffer): { compressedSize: number; size: number } {
  const compressedSize = header.readUInt32LE(18);
  const size = header.readUInt32LE(22);
  if (compressedSize !== IN_ZIP64_32 && size !== IN_ZIP64_32) return { compressedSize, size };
  const [field, ...others] = extraFieldsOf(extra, EXTRA_IDS.zip64);
  if (others.length > 0) {
    throw new EntryRefused('header_mismatch', `Its local header has ${others.length + 1} zip64 fields.`);
  }
  // Both stand in it, as they must, or the one that it is needed for.
  const compressedAt = size !== IN_ZIP64_32 && field?.length === 8 ? 0 : 8;
  const needed = compressedSize === IN_ZIP64_32 ? compressedAt + 8 : 8;
  if (!field || field.length < needed) {
    throw new EntryRefused('header_mismatch', 'Its local header refers to a zip64 field that is not there.');
  }
  return {
    size: size === IN_ZIP64_32 ? readUint64(field, 0) : size,
    compressedSize: compressedSize === IN_ZIP64_32 ? readUint64(field, compressedAt) : compressedSize,
  };
}

function same(field: string, stated: number, found: number): void {
  if (stated === found) return;
  throw new EntryRefused('header_mismatch', `Its local header has another ${field}.`, { stated, found });
}

/** The longest descriptor: its signature, the CRC-32 and two sizes of 64 bits. */
export const DESCRIPTOR_BYTES = 24;

/**
 * Holds what follows the content against what the directory states: a signature or none, sizes of 32 or 64 bits.
 *
 * @param bytes up to `DESCRIPTOR_BYTES`, none of the next entry
 * @throws EntryRefused `header_mismatch`
 */
export function checkDescriptor(entry: ArchiveEntry, bytes: Buffer): void {
  const forms = descriptorForms(entry);
  if (forms.some((form) => bytes.subarray(0, form.length).equals(form))) return;
  throw new EntryRefused(
    'header_mismatch',
    'What follows its content is not the descriptor that its flags announce.',
  );
}

function descriptorForms({ crc32, compressedSize, size }: ArchiveEntry): Buffer[] {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(SIGNATURES.descriptor);
  const wide = Buffer.alloc(20);
  wide.writeUInt32LE(crc32);
  wide.writeBigUInt64LE(BigInt(compressedSize), 4);
  wide.writeBigUInt64LE(BigInt(size), 12);
  const forms = [wide];
  if (compressedSize <= IN_ZIP64_32 && size <= IN_ZIP64_32) {
    const narrow = Buffer.alloc(12);
    narrow.writeUInt32LE(crc32);
    narrow.writeUInt32LE(compressedSize, 4);
    narrow.writeUInt32LE(size, 8);
    forms.push(narrow);
  }
  return forms.flatMap((form) => [form, Buffer.concat([signature, form])]);
}
