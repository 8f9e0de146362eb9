import { z } from 'zod';
import { CHECKSUM_ALGORITHMS, type FileChecksum } from '../../contract/listed-file.js';
import { preview } from '../../../../platform/text/printable.js';
import { ApiAnswerInvalid } from '../../errors.js';
import { valueAt } from './json-pointer.js';

/** An answer of the API's, read field by field. */
export interface Answer {
  /** In words: who answered what. */
  where: string;
  root: unknown;
  /** Where the root is in the whole answer, for messages. */
  at?: string;
  lenient: boolean;
}

/** One kind of value: what it takes, and how it is said. */
interface Kind<T> {
  strict: z.ZodType<T>;
  /** Where adapters take other forms as well. */
  lenient?: z.ZodType<T>;
  expects: string;
  /** False for what must not be shown: names, ids, links. */
  shown: boolean;
}

const MAX_ID_CHARACTERS = 1024;
const MAX_NAME_CHARACTERS = 4096;
const oneLine = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text);
const id = z.string().min(1).max(MAX_ID_CHARACTERS).refine(oneLine);
const count = z.int().min(0);
const time = z.iso.datetime({ offset: true });

/** Unix seconds beyond it are milliseconds: the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;
const unixTime = z
  .number()
  .min(0)
  .max(253_402_300_799_999)
  .transform((value) => new Date(value >= MILLISECONDS_FROM ? value : value * 1000).toISOString());
const digits = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(count);

export const ID: Kind<string> = {
  strict: id,
  lenient: z.union([id, z.int().min(0).transform(String)]),
  expects: `a text of 1 to ${MAX_ID_CHARACTERS} characters without control characters`,
  shown: false,
};
export const NAME: Kind<string> = {
  strict: z.string().min(1).max(MAX_NAME_CHARACTERS),
  expects: `a text of 1 to ${MAX_NAME_CHARACTERS} characters`,
  shown: false,
};
export const WORD: Kind<string> = {
  strict: z.string().max(1024),
  lenient: z.union([z.string().max(1024), z.int().transform(String), z.boolean().transform(String)]),
  expects: 'a text',
  shown: true,
};
/** Its length is for the paging to judge. */
export const CURSOR: Kind<string> = {
  strict: z.string(),
  lenient: z.union([z.string(), z.int().transform(String)]),
  expects: 'a text, or null at the end',
  shown: false,
};
export const COUNT: Kind<number> = {
  strict: count,
  lenient: z.union([count, digits]),
  expects: 'a whole number from 0 to 2^53 - 1',
  shown: true,
};
export const SECONDS: Kind<number> = {
  strict: z.number().min(0),
  lenient: z.union([z.number().min(0), digits]),
  expects: 'a number of seconds from 0',
  shown: true,
};
export const TIME: Kind<string> = {
  strict: time,
  // ISO 8601's basic offset, as Salesforce writes it: 2026-11-27T10:00:00.000+0000.
  lenient: z.union([
    time,
    z
      .string()
      .transform((text) => text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
      .pipe(time),
    unixTime,
  ]),
  expects: 'an RFC 3339 time',
  shown: true,
};
export const LIST: Kind<unknown[]> = { strict: z.array(z.unknown()), expects: 'a list', shown: false };
export const FLAG: Kind<boolean> = {
  strict: z.boolean(),
  lenient: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]),
  expects: 'true or false',
  shown: true,
};
/** Long signatures included; more would not fit into the request line of common servers. */
const MAX_LINK_CHARACTERS = 16_384;
export const LINK_TEXT: Kind<string> = {
  strict: z.string().min(1).max(MAX_LINK_CHARACTERS),
  expects: 'an http or https address',
  shown: false,
};
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
export const HEADERS: Kind<Record<string, string>> = {
  strict: z.record(
    z.string().regex(HEADER_NAME),
    z
      .string()
      .max(8192)
      .regex(/^[\t\x20-\x7e]*$/),
  ),
  expects: 'an object of header names and texts',
  shown: false,
};
const ALGORITHM: Kind<FileChecksum['algorithm']> = {
  strict: z.enum(CHECKSUM_ALGORITHMS),
  lenient: z
    .string()
    .transform((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .pipe(z.enum(CHECKSUM_ALGORITHMS)),
  expects: `one of ${CHECKSUM_ALGORITHMS.join(', ')}`,
  shown: true,
};
const CHECKSUM_BYTES: Readonly<Record<FileChecksum['algorithm'], number>> = {
  crc32: 4,
  crc64nvme: 8,
  md5: 16,
  sha1: 20,
  sha256: 32,
};

/** @throws ApiAnswerInvalid when the field is not there or not of this kind */
export function required<T>(answer: Answer, pointer: string, kind: Kind<T>): T {
  const value = valueAt(answer.root, pointer);
  const parsed = (answer.lenient ? (kind.lenient ?? kind.strict) : kind.strict).safeParse(value);
  if (parsed.success) return parsed.data;
  throw wrong(answer, pointer, kind.shown ? preview(value, 60) : kindOf(value), kind.expects);
}

/** As {@link required}; undefined where no field is named, or it is absent or null. */
export function optional<T>(answer: Answer, pointer: string | undefined, kind: Kind<T>): T | undefined {
  if (pointer === undefined) return undefined;
  const value = valueAt(answer.root, pointer);
  return value === undefined || value === null ? undefined : required(answer, pointer, kind);
}

export function checksumOf(
  answer: Answer,
  shape: { algorithm: string; value: string } | undefined,
): FileChecksum | undefined {
  if (shape === undefined) return undefined;
  const isPointer = shape.algorithm.startsWith('/');
  const algorithm = isPointer
    ? optional(answer, shape.algorithm, ALGORITHM)
    : (shape.algorithm as FileChecksum['algorithm']);
  if (algorithm === undefined) return undefined;
  const bytes = CHECKSUM_BYTES[algorithm];
  const value = isPointer ? required(answer, shape.value, WORD) : optional(answer, shape.value, WORD);
  if (value === undefined) return undefined;
  if (!isDigest(value, bytes)) {
    throw wrong(
      answer,
      shape.value,
      kindOf(value),
      `a ${algorithm} of ${bytes} bytes, hexadecimal or base64`,
    );
  }
  return { algorithm, value };
}

/** Whether a text is so many bytes, in hexadecimal digits or in base64. */
function isDigest(text: string, bytes: number): boolean {
  if (/^[0-9a-f]+$/i.test(text) && text.length === bytes * 2) return true;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === bytes;
}

export function wrong(
  { where, at = '' }: Answer,
  pointer: string,
  found: string,
  expected: string,
): ApiAnswerInvalid {
  const field = at + pointer;
  return new ApiAnswerInvalid(
    `${where}: ${field === '' ? 'the answer' : field} is ${found}, expected ${expected}.`,
  );
}

/** What a value is, without showing any of it. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean') return preview(value);
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (typeof value === 'number') return 'a number';
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}
