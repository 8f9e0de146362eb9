import type { EntryReason } from '../contract/reasons.js';
import type { ArchiveLimits } from './archive-limits.js';
import { FLAGS, type CentralHeader, type StatedFields } from './central-header.js';
import { decodeName, nameFault, type DecodedName } from './entry-name.js';
import { escapeName } from './escape-name.js';

/** An entry of an archive, as the directory states it. */
export interface ArchiveEntry extends StatedFields {
  /** Its place in the directory, from 0. */
  n: number;
  /** As a key has it, with `/` between segments; of a name that cannot be decoded, as `shownName`. */
  name: string;
  /** For a row, a list or a log of a person's own terminal; see `escapeName`. */
  shownName: string;
  directory: boolean;
  /** Where the next entry or the directory begins: all of this one is before it. */
  end: number;
  /** As in the directory, for comparison with the local header. */
  nameBytes: Buffer;
  /** Undefined where nothing of the directory speaks against it. */
  refusal: Refusal | undefined;
}

export interface Refusal {
  reason: EntryReason;
  /** In words, without the name. */
  detail: string;
  stated?: string | number;
  found?: string | number;
  /** True of a limit that metadata of that very size lifts. */
  liftable?: boolean;
}

export const METHODS = { stored: 0, deflated: 8 } as const;

const METHOD_NAMES: Readonly<Record<number, string>> = {
  1: 'shrink',
  6: 'implode',
  9: 'deflate64',
  10: 'pkware_implode',
  12: 'bzip2',
  14: 'lzma',
  16: 'cmpsc',
  18: 'terse',
  19: 'lz77',
  20: 'zstd',
  93: 'zstd',
  94: 'mp3',
  95: 'xz',
  96: 'jpeg',
  97: 'wavpack',
  98: 'ppmd',
};
const AES_METHOD = 99;

const DOS_DIRECTORY = 0x10;
/** The kind of file in a Unix mode, which is the upper half of the external attributes whoever has written them. */
const KIND_MASK = 0xf000;
const KINDS = { unstated: 0, directory: 0x4000, regular: 0x8000 } as const;

function kindOf({ externalAttributes }: Pick<CentralHeader, 'externalAttributes'>): number {
  return (externalAttributes >>> 16) & KIND_MASK;
}

/** True of what is named or marked as a directory. */
export function isDirectory(header: CentralHeader, name: string): boolean {
  return (
    name.endsWith('/') ||
    kindOf(header) === KINDS.directory ||
    (kindOf(header) === KINDS.unstated && (header.externalAttributes & DOS_DIRECTORY) !== 0)
  );
}

/** @param duplicate true where another entry has this name */
export function archiveEntry(
  header: CentralHeader,
  place: { n: number; end: number },
  limits: ArchiveLimits,
  duplicate: (name: string) => boolean,
): ArchiveEntry {
  const decoded = decodeName(header, limits.backslash);
  const shownName = escapeName(decoded.text ?? decoded.bytes);
  const name = decoded.text ?? shownName;
  const directory = isDirectory(header, name);
  return {
    n: place.n,
    name,
    shownName,
    directory,
    flags: header.flags,
    method: header.method,
    crc32: header.crc32,
    compressedSize: header.compressedSize,
    size: header.size,
    offset: header.offset,
    end: place.end,
    nameBytes: header.name,
    refusal:
      refuseName(decoded, limits) ??
      refuseKind(header, directory) ??
      (directory ? undefined : duplicate(name) ? DUPLICATE : refuseSizes(header, limits)),
  };
}

const DUPLICATE: Refusal = { reason: 'duplicate_name', detail: 'Another entry has this name as well.' };

function refuseName(decoded: DecodedName, { maxNameBytes }: ArchiveLimits): Refusal | undefined {
  const fault = decoded.fault ?? nameFault(decoded.text);
  if (fault !== undefined) return { reason: 'name_unsafe', detail: `Its name is refused: ${fault}.` };
  const bytes = Buffer.byteLength(decoded.text!);
  if (bytes <= maxNameBytes) return undefined;
  return {
    reason: 'name_too_long',
    detail: `Its name has ${bytes} bytes; ${maxNameBytes} are the most.`,
    stated: maxNameBytes,
    found: bytes,
  };
}

function refuseKind(header: CentralHeader, directory: boolean): Refusal | undefined {
  const kind = kindOf(header);
  if (kind !== KINDS.unstated && kind !== KINDS.regular && kind !== KINDS.directory) {
    return { reason: 'not_a_file', detail: `It is a link or a device: its mode is 0${kind.toString(8)}.` };
  }
  if (
    header.flags & (FLAGS.encrypted | FLAGS.strongEncryption | FLAGS.maskedHeaders) ||
    header.method === AES_METHOD
  ) {
    return { reason: 'encrypted', detail: 'It is encrypted.' };
  }
  if (directory) {
    // What is deflated to nothing has some bytes; stored ones are what is there.
    const bytes = header.method === METHODS.stored ? header.compressedSize || header.size : header.size;
    if (bytes === 0) return undefined;
    return {
      reason: 'directory_data',
      detail: `It is a directory of ${bytes} bytes.`,
      stated: 0,
      found: bytes,
    };
  }
  if (header.flags & FLAGS.patched) return { reason: 'method', detail: 'patched' };
  if (header.method === METHODS.stored || header.method === METHODS.deflated) return undefined;
  return { reason: 'method', detail: METHOD_NAMES[header.method] ?? `method_${header.method}` };
}

function refuseSizes(header: CentralHeader, limits: ArchiveLimits): Refusal | undefined {
  const { method, size, compressedSize } = header;
  if (method === METHODS.stored && size !== compressedSize) {
    return {
      reason: 'size',
      detail: 'It is stored, and its two sizes differ.',
      stated: size,
      found: compressedSize,
    };
  }
  if (size > limits.maxEntryBytes) {
    return {
      reason: 'too_large',
      detail: `It has ${size} bytes; ${limits.maxEntryBytes} are the most.`,
      stated: limits.maxEntryBytes,
      found: size,
      liftable: Number.isSafeInteger(size),
    };
  }
  if (size > limits.ratioFromBytes && size > limits.maxRatio * compressedSize) {
    return {
      reason: 'ratio',
      detail: `${size} bytes are inflated from ${compressedSize}; ${limits.maxRatio} times as many are the most.`,
      stated: limits.maxRatio,
      found: Math.round(size / Math.max(1, compressedSize)),
      liftable: Number.isSafeInteger(size),
    };
  }
  return undefined;
}
