import { FileRefused } from '../errors.js';
import {
  LOCATOR_BYTES,
  onOneDisk,
  type EndFields,
  type EndRecord,
  type StatedDirectory,
} from './end-fields.js';
import type { RandomAccess } from './random-access.js';
import { IN_ZIP64_16, IN_ZIP64_32, readUint64, SIGNATURES } from './records.js';

/** Without the extensible data that may follow. */
const ZIP64_END_BYTES = 56;
/** What the record's own size does not count: its signature and that size. */
const UNCOUNTED_BYTES = 12;

/** Reads the zip64 end record that a locator leads to. @throws FileRefused */
export async function readZip64End(
  source: RandomAccess,
  record: EndRecord,
  locator: Buffer,
  signal?: AbortSignal,
): Promise<StatedDirectory> {
  const locatorAt = record.at - LOCATOR_BYTES;
  const at = readUint64(locator, 8);
  const disks = locator.readUInt32LE(16);
  // 0 by some writers that have one.
  if (locator.readUInt32LE(4) !== 0 || disks > 1) {
    throw new FileRefused('split', `The zip64 locator states ${disks} disks.`);
  }
  if (at + ZIP64_END_BYTES > locatorAt) {
    throw new FileRefused(
      'out_of_bounds',
      `The zip64 end record is stated at ${at}, behind its locator at ${locatorAt}.`,
    );
  }
  const bytes = await source.read(at, at + ZIP64_END_BYTES, signal);
  if (bytes.readUInt32LE(0) !== SIGNATURES.zip64EndRecord) {
    await shifted(source, locatorAt, signal);
    throw new FileRefused(
      'zip64_field',
      `There is no zip64 end record at ${at}, where its locator leads to.`,
    );
  }
  const end = at + UNCOUNTED_BYTES + readUint64(bytes, 4);
  if (end !== locatorAt) {
    throw new FileRefused(
      'zip64_field',
      `The zip64 end record ends at ${end} as stated, but its locator is at ${locatorAt}.`,
    );
  }
  const stated: EndFields = {
    disk: bytes.readUInt32LE(16),
    directoryDisk: bytes.readUInt32LE(20),
    entriesOnDisk: readUint64(bytes, 24),
    entries: readUint64(bytes, 32),
    directorySize: readUint64(bytes, 40),
    directoryOffset: readUint64(bytes, 48),
  };
  onOneDisk(stated);
  sameReading(record, stated);
  return { offset: stated.directoryOffset, size: stated.directorySize, count: stated.entries, end: at };
}

/** Bytes in front of an archive move all of it, and the locator's offset still counts from the archive's own start. */
async function shifted(source: RandomAccess, locatorAt: number, signal?: AbortSignal): Promise<void> {
  const at = locatorAt - ZIP64_END_BYTES;
  const found = (await source.read(at, at + 4, signal)).readUInt32LE(0);
  if (found === SIGNATURES.zip64EndRecord) {
    throw new FileRefused('offsets', `The zip64 end record is at ${at}, and its locator leads elsewhere.`);
  }
}

const PLACEHOLDERS: Readonly<Record<keyof EndFields, number>> = {
  disk: IN_ZIP64_16,
  directoryDisk: IN_ZIP64_16,
  entriesOnDisk: IN_ZIP64_16,
  entries: IN_ZIP64_16,
  directorySize: IN_ZIP64_32,
  directoryOffset: IN_ZIP64_32,
};

/** A reader that knows no zip64 must not see another directory. */
function sameReading(record: EndRecord, zip64: EndFields): void {
  for (const field of Object.keys(PLACEHOLDERS) as (keyof EndFields)[]) {
    if (record[field] !== PLACEHOLDERS[field] && record[field] !== zip64[field]) {
      throw new FileRefused(
        'ambiguous',
        `${field} is ${record[field]} in the end record and ${zip64[field]} in that of zip64.`,
      );
    }
  }
}
