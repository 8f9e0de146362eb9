import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { EntryMetadata } from './metadata-store.js';
import type { RowField, TableShape } from './table-shape.js';

type Row = Record<string, AttributeValue>;

/** Thrown within this file; what is wrong with a row becomes part of its metadata. */
class InvalidField extends Error {
  constructor(
    readonly reason: NonNullable<EntryMetadata['invalid']>['reason'],
    message: string,
  ) {
    super(message);
  }
}

/**
 * What a row says of its entry. Numbers may be texts of digits; a checksum is hexadecimal digits, base64 or bytes, and a CRC-32 a number
 * as well. A row that says something else is invalid, which is its entry's matter and nobody else's. A content type that no header can
 * hold is left out: the object is right without it.
 */
export function readRow(row: Row, { attributes }: TableShape): EntryMetadata {
  const read = (field: RowField): AttributeValue | undefined => {
    const value = row[attributes[field]];
    return value?.NULL === true ? undefined : value;
  };
  const contentType = contentTypeOf(read('content_type'));
  try {
    const targetKey = targetKeyOf(read('target_key'), attributes.target_key);
    const crc32 = crc32Of(read('crc32'), attributes.crc32);
    const md5 = digestOf(read('md5'), attributes.md5, 16);
    const sha256 = digestOf(read('sha256'), attributes.sha256, 32);
    return {
      size: sizeOf(read('size'), attributes.size),
      ...(crc32 !== undefined && { crc32 }),
      ...(md5 !== undefined && { md5 }),
      ...(sha256 !== undefined && { sha256 }),
      ...(targetKey !== undefined && { targetKey }),
      ...(contentType !== undefined && { contentType }),
    };
  } catch (error) {
    if (!(error instanceof InvalidField)) throw error;
    return { size: NaN, invalid: { reason: error.reason, detail: error.message } };
  }
}

function sizeOf(value: AttributeValue | undefined, attribute: string): number {
  const text = value?.N ?? value?.S ?? '';
  const size = Number(text);
  if (/^\d{1,16}(?:\.0+)?$/.test(text) && Number.isSafeInteger(size)) return size;
  throw new InvalidField(
    'metadata_size',
    `${attribute} of its metadata is ${kindOf(value)}, expected a whole number of bytes.`,
  );
}

function crc32Of(value: AttributeValue | undefined, attribute: string): number | undefined {
  if (value === undefined) return undefined;
  if (value.N !== undefined) {
    const crc = Number(value.N);
    if (Number.isInteger(crc) && crc >= 0 && crc <= 0xffff_ffff) return crc;
  }
  if (value.S !== undefined && /^(?:0x)?[0-9a-f]{1,8}$/i.test(value.S)) {
    return parseInt(value.S.replace(/^0x/i, ''), 16);
  }
  const bytes = value.S === undefined ? value.B : base64Of(value.S);
  if (bytes?.length === 4) return Buffer.from(bytes).readUInt32BE();
  throw new InvalidField(
    'metadata_checksum',
    `${attribute} of its metadata is ${kindOf(value)}, expected a CRC-32: hexadecimal digits or a number.`,
  );
}

/** @returns lower-case hexadecimal digits */
function digestOf(value: AttributeValue | undefined, attribute: string, bytes: number): string | undefined {
  if (value === undefined) return undefined;
  if (value.S?.length === bytes * 2 && /^[0-9a-f]+$/i.test(value.S)) return value.S.toLowerCase();
  const digest = value.S === undefined ? value.B : base64Of(value.S);
  if (digest?.length === bytes) return Buffer.from(digest).toString('hex');
  throw new InvalidField(
    'metadata_checksum',
    `${attribute} of its metadata is ${kindOf(value)}, expected ${bytes} bytes in hexadecimal digits or base64.`,
  );
}

function base64Of(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** An empty text says nothing; anything but a text would send the object elsewhere than was meant. */
function targetKeyOf(value: AttributeValue | undefined, attribute: string): string | undefined {
  if (value === undefined || value.S !== undefined) return value?.S === '' ? undefined : value?.S;
  throw new InvalidField('name_unsafe', `${attribute} of its metadata is ${kindOf(value)}, expected a text.`);
}

function contentTypeOf(value: AttributeValue | undefined): string | undefined {
  const text = value?.S?.trim() ?? '';
  return /^[\x20-\x7e]{1,255}$/.test(text) ? text : undefined;
}

/** What an attribute is, without showing any of it. */
function kindOf(value: AttributeValue | undefined): string {
  if (value === undefined) return 'absent';
  if (value.N !== undefined) return `the number ${value.N.slice(0, 20)}`;
  if (value.S !== undefined) return `a text of ${value.S.length} characters`;
  return `of type ${Object.keys(value)[0] ?? '?'}`;
}
