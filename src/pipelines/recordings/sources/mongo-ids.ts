import { Binary, BSON, Double, Long, ObjectId, UUID } from 'mongodb';
import { bsonType, isWholeNumber, wholeNumber } from './whole-number.js';

/*
 * How an id of any BSON type is a text in messages, watermarks and results, and how the text leads back to its document.
 *
 *   string                       as it is
 *   ObjectId                     24 hexadecimal digits
 *   whole number of 64 bits      its digits, whether int, long, double or decimal: MongoDB holds them equal
 *   boolean                      true, false
 *   UUID (binary, subtype 4)     {"$uuid":"…"}
 *   anything else                {"$value":<canonical Extended JSON>}
 */

/** What texts of the two last kinds begin with. */
export const UUID_KEY = '{"$uuid';
export const VALUE_KEY = '{"$value';
export const UUID_PREFIX = `${UUID_KEY}":`;
export const VALUE_PREFIX = `${VALUE_KEY}":`;
const UUID_TEXT = /^\{"\$uuid":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"\}$/;

/** Deeper than any id that somebody made on purpose. */
const MAX_DEPTH = 8;

/**
 * The text form of an id, or undefined where its type could not lead back to its document: nothing at all, a list, a
 * regular expression, code and the like.
 */
export function idText(id: unknown): string | undefined {
  if (typeof id === 'string') return isReserved(id) ? wrapped(id) : id;
  if (typeof id === 'boolean') return String(id);
  const whole = wholeNumber(id);
  if (whole !== undefined) return whole.toString();
  if (bsonType(id) === 'ObjectId') return String(id);
  if (isUuid(id)) return `{"$uuid":"${id.toUUID().toHexString()}"}`;
  const carried = typeof id === 'number' || (isObject(id) && !Array.isArray(id) && canBeCarried(id, 0));
  return carried ? wrapped(id) : undefined;
}

/**
 * The values that an id of this text may have in a document. Each is a plain value, never an operator, whatever a
 * message holds; where a text stands for several (the string "17" and the number), all are listed.
 */
export function idValues(text: string): unknown[] {
  const values: unknown[] = [text];
  if (/^[0-9a-f]{24}$/.test(text)) values.push(ObjectId.createFromHexString(text));
  if (text === 'true' || text === 'false') values.push(text === 'true');
  if (isWholeNumber(text)) values.push(Long.fromString(text));
  const uuid = UUID_TEXT.exec(text)?.[1];
  if (uuid !== undefined) values.push(new UUID(uuid));
  if (text.startsWith(VALUE_PREFIX)) values.push(...unwrapped(text));
  return values;
}

/** What an id's type is called, for the reason why it is refused. */
export function idTypeName(id: unknown): string {
  if (Array.isArray(id)) return 'array';
  return (bsonType(id) ?? (isObject(id) ? id.constructor.name : typeof id)).toLowerCase();
}

function isReserved(text: string): boolean {
  return text.startsWith(UUID_KEY) || text.startsWith(VALUE_KEY);
}

function wrapped(value: unknown): string {
  return `${VALUE_PREFIX}${BSON.EJSON.stringify(withDoubles(value), { relaxed: false })}}`;
}

/** Extended JSON takes 2^63 for a 64-bit number, which it is one too large for, and writes others with digits of their own. */
function withDoubles(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return new Double(value);
  }
  if (Array.isArray(value)) return value.map(withDoubles);
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withDoubles(inner)]));
}

/** The value, unless the text is not exactly what {@link idText} makes of it: then nobody made it of an id. */
function unwrapped(text: string): unknown[] {
  try {
    const { $value: value } = BSON.EJSON.parse(text, { relaxed: false }) as { $value: unknown };
    return idText(value) === text ? [value] : [];
  } catch {
    return [];
  }
}

function isUuid(value: unknown): value is Binary {
  return value instanceof Binary && value.sub_type === Binary.SUBTYPE_UUID && value.length() === 16;
}

const CARRIED_TYPES: ReadonlySet<string> = new Set([
  ...['Binary', 'Decimal128', 'Double', 'Int32', 'Long', 'ObjectId', 'Timestamp'],
]);

/** Whether canonical Extended JSON brings a value back as it was, and no part of it could be taken for an operator. */
function canBeCarried(value: unknown, depth: number): boolean {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (!isObject(value) || depth > MAX_DEPTH) return false;
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  const type = bsonType(value);
  if (type !== undefined) return CARRIED_TYPES.has(type);
  if (Array.isArray(value)) return value.every((item) => canBeCarried(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const names = Object.keys(value);
  return (
    // JavaScript puts names of digits first, and the order of fields is part of an id.
    names.every((name) => !name.startsWith('$') && name !== '__proto__' && !/^\d+$/.test(name)) &&
    Object.values(value).every((inner) => canBeCarried(inner, depth + 1))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
