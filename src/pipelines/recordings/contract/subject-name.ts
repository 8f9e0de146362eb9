import { RECORDING_TEXT_LIMITS } from './text-limits.js';

/*
 * How a subject's name is compared: after Unicode NFC, without what nobody sees, every space the same, and trimmed.
 * Both lists are of single UTF-16 units, so that a database's patterns and functions can use them as they are.
 */

type Ranges = readonly (readonly [from: number, to: number])[];

/** Take no room on a screen: joiners, marks of direction, soft hyphens, byte order marks, control characters. */
const INVISIBLE: Ranges = [
  ...[[0x01, 0x08] as const, [0x0e, 0x1f] as const, [0x7f, 0x9f] as const, [0xad, 0xad] as const],
  ...[[0x34f, 0x34f] as const, [0x61c, 0x61c] as const, [0x180b, 0x180f] as const],
  ...[[0x200b, 0x200f] as const, [0x202a, 0x202e] as const, [0x2060, 0x206f] as const],
  ...[[0xfe00, 0xfe0f] as const, [0xfeff, 0xfeff] as const],
];

/** Look like a space, or end a line. */
const SPACES: Ranges = [
  ...[[0x09, 0x0d] as const, [0x20, 0x20] as const, [0xa0, 0xa0] as const, [0x1680, 0x1680] as const],
  ...[[0x2000, 0x200a] as const, [0x2028, 0x2029] as const, [0x202f, 0x202f] as const],
  ...[[0x205f, 0x205f] as const, [0x3000, 0x3000] as const],
];

/** For the inside of a character class, as every kind of pattern understands it. */
export const INVISIBLE_CLASS = asClass(INVISIBLE);
export const SPACE_CLASS = asClass(SPACES);
/** One by one. */
export const INVISIBLE_CHARACTERS = asText(INVISIBLE);
export const SPACE_CHARACTERS = asText(SPACES);

/** No subject has a longer name, however much of it is invisible; beyond it nothing is compared. */
export const MAX_COMPARED_CHARACTERS = 2 * RECORDING_TEXT_LIMITS.subject_name;

const ANY_INVISIBLE = new RegExp(`[${INVISIBLE_CLASS}]`, 'g');
const ANY_SPACE = new RegExp(`[${SPACE_CLASS}]`, 'g');

/**
 * The one spelling of a name (Unicode NFC), since the same Devanagari word is typed in more than
 * one. A text that is too long for a name stays as it is: normalizing takes quadratic time in the marks of a letter
 * (24 seconds for a hundred thousand), and a name it cannot be.
 */
export function normalizeName(text: string): string {
  return text.length > RECORDING_TEXT_LIMITS.subject_name ? text : text.normalize('NFC');
}

/** A text as it is compared: without what nobody sees, each space a plain one, trimmed, in NFC. */
export function comparableText(text: string): string {
  return normalizeName(text.replaceAll(ANY_INVISIBLE, '').replaceAll(ANY_SPACE, ' ').trim());
}

/** Whether a source's value is the subject's name. */
export function isSubjectName(value: unknown, subjectName: string): boolean {
  if (typeof value !== 'string') return false;
  if (value === subjectName) return true;
  return value.length <= MAX_COMPARED_CHARACTERS && comparableText(value) === comparableText(subjectName);
}

/** Whether a name was probably meant to be the subject's: the same letters, whatever is between and around them. */
export function isNearSubjectName(value: string, subjectName: string): boolean {
  const [a, b] = [letters(value.slice(0, MAX_COMPARED_CHARACTERS)), letters(subjectName)];
  return a !== '' && a === b;
}

function letters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');
}

function asText(ranges: Ranges): string {
  return ranges
    .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)))
    .join('');
}

function asClass(ranges: Ranges): string {
  return ranges
    .map(([from, to]) => String.fromCharCode(...(from === to ? [from] : [from, 0x2d, to])))
    .join('');
}
