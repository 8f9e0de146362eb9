import {
  comparableText,
  INVISIBLE_CLASS,
  MAX_COMPARED_CHARACTERS,
  SPACE_CLASS,
} from '../contract/subject-name.js';
import { canonicalForms } from './canonical-forms.js';

/** A letter with more marks than this has more spellings than are worth listing. */
const MAX_LETTER_UNITS = 12;
/** MongoDB refuses a pattern of more than 32 KB; a character has up to three bytes. */
const MAX_PATTERN_CHARACTERS = 10_000;

/**
 * A pattern of every text that compares equal to a name, for a database: each letter in each of its canonical spellings,
 * invisible characters anywhere, spaces around. Made letter by letter, so its length and the work grow with the name's length.
 *
 * @returns undefined where the pattern would be too long: then whoever reads the rows compares
 */
export function namePattern(name: string): RegExp | undefined {
  const comparable = comparableText(name);
  if (comparable === '' || comparable.length > MAX_COMPARED_CHARACTERS) return undefined;
  const letters: string[] = [];
  let length = 0;
  for (const letter of lettersOf(comparable)) {
    const pattern = letterPattern(letter);
    length += (pattern?.length ?? Infinity) + INVISIBLE_CLASS.length;
    if (pattern === undefined || length > MAX_PATTERN_CHARACTERS) return undefined;
    letters.push(pattern);
  }
  const around = `[${SPACE_CLASS}${INVISIBLE_CLASS}]*`;
  return new RegExp(`^${around}${letters.join(`[${INVISIBLE_CLASS}]*`)}${around}$`);
}

/** Where a canonical spelling may begin: at a character that no other is ever composed with or reordered around. */
function* lettersOf(comparable: string): Generator<string> {
  let letter = '';
  for (const character of comparable.normalize('NFD')) {
    if (letter === ' ' || (letter !== '' && !joinsOn(character))) {
      yield letter;
      letter = '';
    }
    letter += character;
  }
  if (letter !== '') yield letter;
}

/** Marks, and the vowels and finals of Hangul, which are letters. */
function joinsOn(character: string): boolean {
  return /[\p{M}\u1160-\u11FF]/u.test(character);
}

function letterPattern(letter: string): string | undefined {
  if (letter === ' ') return `[${SPACE_CLASS}]`;
  const forms = letter.length > MAX_LETTER_UNITS ? undefined : canonicalForms(letter);
  const spelt = forms?.map((form) => Array.from(form, escaped).join(`[${INVISIBLE_CLASS}]*`));
  return spelt?.length === 1 ? spelt[0] : spelt && `(?:${spelt.join('|')})`;
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
