import { RECORDING_TEXT_LIMITS } from '../contract/text-limits.js';

/** More spellings than this are no longer worth listing in a query. */
const MAX_FORMS = 64;
/** No script writes a letter with more signs; what has more is no name, and would have more spellings than fit. */
const MAX_LETTER_CHARACTERS = 12;
/** No canonical decomposition is longer. */
const MAX_PARTS = 4;
/** Every character with a canonical decomposition lies below; the rest is private or unassigned. */
const LAST_DECOMPOSABLE = 0x2fa1f;

/** A character and the marks, jamo and one vowel that may be composed with it: no composition reaches beyond them. */
const LETTER = /[^][\p{M}\u1161-\u1175\u11A8-\u11C2\u{16D67}]*/gu;

/**
 * Every spelling of a text that Unicode holds equal to it (the same NFC): a database compares bytes, and the
 * same Devanagari word is typed in more than one of them, `ढ़` as one character or as two. Each letter has its
 * spellings by itself, so the work is linear in their number.
 *
 * @returns the spellings, the NFC one first; `undefined` when there are too many to list
 */
export function canonicalForms(text: string): string[] | undefined {
  if (text.length > RECORDING_TEXT_LIMITS.subject_name) return undefined; // even to normalize it could take minutes
  let forms = [''];
  for (const [letter] of text.normalize('NFD').matchAll(LETTER)) {
    const spellings = formsOfLetter(letter);
    if (spellings === undefined || forms.length * spellings.length > MAX_FORMS) return undefined;
    forms = forms.flatMap((start) => spellings.map((spelling) => start + spelling));
  }
  return [...new Set([text.normalize('NFC'), ...forms])];
}

function formsOfLetter(decomposed: string): string[] | undefined {
  if (Array.from(decomposed).length > MAX_LETTER_CHARACTERS) return undefined;
  const forms = new Set([decomposed.normalize('NFC'), decomposed]);
  // The set grows while it is walked: each form's neighbours are visited in turn until none is new.
  for (const form of forms) {
    for (const neighbour of neighboursOf(form)) {
      if (neighbour.normalize('NFD') !== decomposed) continue;
      forms.add(neighbour);
      if (forms.size > MAX_FORMS) return undefined;
    }
  }
  return [...forms];
}

/** Forms that differ by one composed character, or by the order of two combining marks. */
function* neighboursOf(form: string): Generator<string> {
  const characters = Array.from(form);
  compositions ??= listCompositions();
  for (let start = 0; start < characters.length; start += 1) {
    for (let end = start + 1; end <= Math.min(start + MAX_PARTS, characters.length); end += 1) {
      for (const composed of compositions.get(characters.slice(start, end).join('')) ?? []) {
        yield [...characters.slice(0, start), composed, ...characters.slice(end)].join('');
      }
    }
    if (start === 0) continue;
    const swapped = [...characters];
    [swapped[start - 1], swapped[start]] = [characters[start]!, characters[start - 1]!];
    yield swapped.join('');
  }
}

// A property of Unicode, so one copy serves all; made at first use, since it takes some 30 ms.
let compositions: Map<string, string[]> | undefined;

/** The single characters that stand for a sequence, by the sequence. */
function listCompositions(): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (let code = 0xc0; code <= LAST_DECOMPOSABLE; code += 1) {
    const character = String.fromCodePoint(code);
    const parts = character.normalize('NFD');
    if (parts !== character) all.set(parts, [...(all.get(parts) ?? []), character]);
  }
  return all;
}
