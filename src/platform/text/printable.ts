/**
 * How a text from outside is shown: on one line, bounded, and with nothing in it that a terminal, a browser or a
 * table would act on instead of showing. It has no imports, so that workflows can use it.
 */

/** Enough to recognise a typing error or an address, too short to carry a document into a message. */
export const PREVIEW_CHARACTERS = 120;

/**
 * Shown as `\u{…}`: control characters, line breaks, direction marks, whatever has no width, spaces that look like
 * another space, and code points that no font may give a shape (private use, halves of pairs, noncharacters).
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/u;

const MARK = /\p{M}/u;

/** Scripts that spell with joiners: Devanagari asks with one whether two consonants are drawn as one. */
const SPELT_WITH_JOINERS =
  /[\p{Script=Arab}\p{Script=Syrc}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}]/u;

/** The sign that ties a consonant to the next one. */
const VIRAMA = /[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA]/;

const PLAIN = /^[\x20-\x7E]*$/;

/** No language stacks more marks on a letter; a text that does paints over the lines around it. */
const MARKS_ON_A_LETTER = 8;

/**
 * A text as one line that a person can read and nothing can act on.
 *
 * Zero-width joiners stay between letters of the scripts that spell with them, and are escaped elsewhere, where
 * they only disguise. A text that is cut ends in `… (N characters)`, between two letters as a reader counts them.
 * The work is linear in `limit`, however long the text is.
 *
 * @param limit the most UTF-16 units that are shown, escapes included
 */
export function printable(text: string, limit = PREVIEW_CHARACTERS): string {
  const { shown, whole } = escapeUpTo(text, limit);
  return whole ? shown : `${shown}… (${text.length} characters)`;
}

/**
 * Any value as one printable line for a message, `nothing` when it is undefined. It looks at no more of the value
 * than it shows, so that a value of any size costs the same.
 *
 * @param limit the most UTF-16 units that are shown, give or take closing brackets
 */
export function preview(value: unknown, limit = PREVIEW_CHARACTERS): string {
  if (value === undefined) return 'nothing';
  return valueUpTo(value, limit, MAX_DEPTH);
}

/** Deeper values are shown as `[…]` or `{…}`. */
const MAX_DEPTH = 4;

function escapeUpTo(text: string, limit: number): { shown: string; whole: boolean } {
  if (text.length <= limit && PLAIN.test(text)) return { shown: text, whole: true };
  let shown = '';
  let letterStart = 0; // in `shown`: where the letter begins that marks and joiners are added to
  let previous = '';
  let marks = Infinity; // a mark needs a letter before it
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    at += character.length;
    const isMark = MARK.test(character) && !HIDDEN.test(character);
    const joins = isJoiner(character) && joinsLetters(previous, text, at);
    const stays = isMark ? marks < MARKS_ON_A_LETTER : joins || !HIDDEN.test(character);
    const piece = stays ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
    const isTied = isJoiner(previous) || (VIRAMA.test(previous) && SPELT_WITH_JOINERS.test(character));
    const continues = stays && (isMark || joins || isTied);
    if (!continues) letterStart = shown.length;
    if (shown.length + piece.length > limit) {
      const cut = continues && letterStart > 0 ? shown.slice(0, letterStart) : shown;
      return { shown: cut.replace(/[\u200C\u200D]$/, ''), whole: false };
    }
    shown += piece;
    if (!joins) marks = isMark ? marks + 1 : stays ? 0 : Infinity;
    previous = stays ? character : '';
  }
  return { shown, whole: true };
}

function isJoiner(character: string): boolean {
  return character === '\u200C' || character === '\u200D';
}

function joinsLetters(previous: string, text: string, next: number): boolean {
  const following = next < text.length ? String.fromCodePoint(text.codePointAt(next)!) : '';
  return SPELT_WITH_JOINERS.test(previous) && SPELT_WITH_JOINERS.test(following);
}

function valueUpTo(value: unknown, limit: number, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value, limit);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return boundedBigInt(value);
    case 'symbol':
      return `Symbol(${printable(value.description ?? '', limit)})`;
    case 'function':
      return '[function]';
    case 'object':
      return value === null ? 'null' : objectUpTo(value, limit, depth);
    default:
      return String(value);
  }
}

function quoted(text: string, limit: number): string {
  // Escaped first: a quotation mark or backslash of the text must not look like one of the preview.
  const start = text.slice(0, limit + 1).replaceAll(/["\\]/g, '\\$&');
  const { shown, whole } = escapeUpTo(start, limit);
  return whole && text.length <= limit ? `"${shown}"` : `"${shown}…" (${text.length} characters)`;
}

/** Writing out a number of a million digits takes seconds. */
function boundedBigInt(value: bigint): string {
  const bound = 10n ** 40n;
  return value > -bound && value < bound ? String(value) : 'a whole number of more than 40 digits';
}

function objectUpTo(value: object, limit: number, depth: number): string {
  try {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
    if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
    if (Array.isArray(value)) return listUpTo('[', ']', arrayParts(value as unknown[]), limit, depth);
    return listUpTo('{', '}', objectParts(value as Record<string, unknown>), limit, depth);
  } catch {
    return 'an unreadable object'; // a getter or proxy that throws
  }
}

interface Part {
  name: string;
  value: unknown;
}

function* arrayParts(values: readonly unknown[]): Generator<Part> {
  for (const value of values) yield { name: '', value };
}

function* objectParts(value: Record<string, unknown>): Generator<Part> {
  for (const name in value)
    if (Object.hasOwn(value, name)) yield { name: `${quoted(name, 60)}:`, value: value[name] };
}

function listUpTo(open: string, close: string, parts: Iterable<Part>, limit: number, depth: number): string {
  let shown = open;
  for (const { name, value } of parts) {
    const separator = shown === open ? '' : ',';
    const left = limit - shown.length - separator.length - name.length;
    if (left <= 0 || depth === 0) return `${shown}${separator}…${close}`;
    shown += separator + name + valueUpTo(value, left, depth - 1);
  }
  return shown + close;
}
