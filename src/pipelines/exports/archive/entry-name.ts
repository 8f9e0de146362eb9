import { crc32 } from 'node:zlib';
import type { ArchiveLimits } from './archive-limits.js';
import { FLAGS, type CentralHeader } from './central-header.js';
import { decodeCp437 } from './cp437.js';
import { EXTRA_IDS, extraFieldsOf } from './extra-fields.js';
import { decodeUtf8 } from './utf8.js';

/** A name as it was decoded, or its bytes with what is wrong with them. */
export type DecodedName =
  { text: string; fault?: undefined } | { text: undefined; bytes: Buffer; fault: string };

/** ASCII without control characters and backslashes. */
const PLAIN = /^[ -[\]-~]*$/;
/** Version of the field, and the CRC-32 of the name that it replaces. */
const UNICODE_PATH_HEADER_BYTES = 5;

/**
 * UTF-8 where its flag is set; else the Unicode path field, where it was made for this very name; else code page 437.
 * Archives that name an entry twice, differently and both validly, are read in two ways: such a name has a fault.
 */
export function decodeName(
  { flags, name, extra }: Pick<CentralHeader, 'flags' | 'name' | 'extra'>,
  backslash: ArchiveLimits['backslash'],
): DecodedName {
  const [unicodePath, ...others] = unicodePathsOf(name, extra);
  if (!unicodePath) {
    // The same in every form that a name may have, and what nearly all are.
    const ascii = name.toString('latin1');
    if (PLAIN.test(ascii)) return { text: ascii };
  }
  const utf8 = (flags & FLAGS.utf8) !== 0;
  if (utf8 && unicodePath && !unicodePath.equals(name)) {
    return {
      text: undefined,
      bytes: name,
      fault: 'its header and its Unicode path field name it differently',
    };
  }
  if (others.some((other) => !other.equals(unicodePath!))) {
    return { text: undefined, bytes: name, fault: 'its Unicode path fields name it differently' };
  }
  const bytes = unicodePath ?? name;
  const text = utf8 || unicodePath ? decodeUtf8(bytes) : decodeCp437(bytes);
  if (text === undefined) return { text, bytes, fault: 'it should be UTF-8, and is not' };
  return { text: backslash === 'separator' ? text.replaceAll('\\', '/') : text };
}

/** The names, in UTF-8, of the Unicode path fields that were made for this very name. */
export function unicodePathsOf(name: Buffer, extra: Buffer): Buffer[] {
  return extraFieldsOf(extra, EXTRA_IDS.unicodePath)
    .filter(
      (field) =>
        field.length >= UNICODE_PATH_HEADER_BYTES && field[0] === 1 && field.readUInt32LE(1) === crc32(name),
    )
    .map((field) => field.subarray(UNICODE_PATH_HEADER_BYTES));
}

const CONTROL = /\p{Cc}/u;
const DRIVE = /^[a-z]:/i;

/** Why a name cannot be that of an object, in words; undefined where it can. A directory's ends in one `/`. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (CONTROL.test(name)) return 'it has a control character';
  if (name.includes('\\')) return 'it has a backslash';
  if (DRIVE.test(name)) return 'it begins with a drive';
  if (name.startsWith('/')) return 'it is absolute';
  const segments = name.split('/');
  if (segments.at(-1) === '') segments.pop();
  if (segments.includes('')) return 'it has an empty segment';
  if (segments.includes('..') || segments.includes('.')) return 'it has a segment of dots';
  return undefined;
}
