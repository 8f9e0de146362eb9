import { FileRefused } from '../errors.js';
import {
  END_RECORD_BYTES,
  LOCATOR_BYTES,
  onOneDisk,
  type EndRecord,
  type StatedDirectory,
} from './end-fields.js';
import type { RandomAccess } from './random-access.js';
import { IN_ZIP64_32, SIGNATURES } from './records.js';
import { readZip64End } from './zip64-end.js';

/** Where the central directory is, as the records behind it say. */
export interface DirectoryPlace {
  offset: number;
  size: number;
  count: number;
  /** The file's last bytes, which were read to find it. */
  tail: Tail;
}

export interface Tail {
  start: number;
  bytes: Buffer;
}

/** The longest comment fits twice, and the directory of a small archive as well: one request. */
const TAIL_BYTES = 128 * 1024;

/** Finds the directory. @throws FileRefused when there is none, or more than one reading */
export async function locateDirectory(source: RandomAccess, signal?: AbortSignal): Promise<DirectoryPlace> {
  const start = Math.max(0, source.size - TAIL_BYTES);
  const tail: Tail = { start, bytes: await source.read(start, source.size, signal) };
  const record = await onlyRecord(source, tail, signal);
  const { offset, size, count, end } = await directoryOf(source, tail, record, signal);
  if (offset + size > end) {
    throw new FileRefused(
      'out_of_bounds',
      `A directory of ${size} bytes at ${offset} is stated, but its end record is at ${end}.`,
    );
  }
  if (offset + size < end) {
    throw new FileRefused(
      'offsets',
      `The directory ends at ${offset + size} as stated, but its end record is at ${end}.`,
    );
  }
  return { offset, size, count, tail };
}

/** The end record that reaches the file's end. */
async function onlyRecord(source: RandomAccess, tail: Tail, signal?: AbortSignal): Promise<EndRecord> {
  const candidates = endRecords(tail);
  const reaching = candidates.filter(
    ({ at, commentBytes }) => at + END_RECORD_BYTES + commentBytes === source.size,
  );
  if (reaching.length === 1) return reaching[0]!;
  if (reaching.length > 1) {
    throw new FileRefused('ambiguous', `${reaching.length} end records reach the end of the file.`);
  }
  const whole = candidates.find((candidate) => endsDirectory(candidate, tail));
  if (whole && whole.at + END_RECORD_BYTES + whole.commentBytes < source.size) {
    const trailing = source.size - whole.at - END_RECORD_BYTES - whole.commentBytes;
    throw new FileRefused('trailing_bytes', `${trailing} bytes follow the end record.`);
  }
  const first = source.size < 4 ? Buffer.alloc(4) : await source.read(0, 4, signal);
  if (first.readUInt32LE(0) === SIGNATURES.localHeader) {
    throw new FileRefused('truncated', 'It begins as a ZIP, and has no end record.');
  }
  const kind = first.readUInt16BE(0) === GZIP ? ': they are gzip, which a server may have added' : '';
  throw new FileRefused('not_a_zip', `${source.size} bytes that neither begin nor end as a ZIP${kind}.`);
}

/** What a stored `Content-Encoding: gzip` looks like to who takes the bytes as they are. */
const GZIP = 0x1f8b;

/** The last one first. */
function endRecords({ start, bytes }: Tail): EndRecord[] {
  const found: EndRecord[] = [];
  for (
    let at = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    at >= 0;
    at = at === 0 ? -1 : bytes.lastIndexOf('PK\x05\x06', at - 1, 'latin1')
  ) {
    if (at + END_RECORD_BYTES > bytes.length) continue;
    found.push({
      at: start + at,
      disk: bytes.readUInt16LE(at + 4),
      directoryDisk: bytes.readUInt16LE(at + 6),
      entriesOnDisk: bytes.readUInt16LE(at + 8),
      entries: bytes.readUInt16LE(at + 10),
      directorySize: bytes.readUInt32LE(at + 12),
      directoryOffset: bytes.readUInt32LE(at + 16),
      commentBytes: bytes.readUInt16LE(at + 20),
    });
  }
  return found;
}

/** True of a record that stands where its directory ends: not one of an archive within the archive. */
function endsDirectory(record: EndRecord, tail: Tail): boolean {
  return record.directoryOffset + record.directorySize === record.at || locatorAt(record, tail) !== undefined;
}

async function directoryOf(
  source: RandomAccess,
  tail: Tail,
  record: EndRecord,
  signal?: AbortSignal,
): Promise<StatedDirectory> {
  const locator = locatorAt(record, tail);
  if (locator === undefined) return directoryWithoutZip64(record);
  if (record.directoryOffset + record.directorySize === record.at) {
    throw new FileRefused('ambiguous', 'The directory reaches over a zip64 locator.');
  }
  return readZip64End(source, record, locator, signal);
}

function locatorAt(record: EndRecord, { start, bytes }: Tail): Buffer | undefined {
  const at = record.at - start - LOCATOR_BYTES;
  if (at < 0 || bytes.readUInt32LE(at) !== SIGNATURES.zip64Locator) return undefined;
  return bytes.subarray(at, at + LOCATOR_BYTES);
}

function directoryWithoutZip64(record: EndRecord): StatedDirectory {
  if (record.directorySize === IN_ZIP64_32 || record.directoryOffset === IN_ZIP64_32) {
    throw new FileRefused('zip64_field', 'The end record refers to zip64 records that are not there.');
  }
  onOneDisk(record);
  return {
    offset: record.directoryOffset,
    size: record.directorySize,
    // 65,535 without zip64 is a count as any other.
    count: record.entries,
    end: record.at,
  };
}
