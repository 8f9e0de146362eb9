/** More spellings than this are no longer worth listing in a query. */
const MAX_FORMS = 64;
/** Every character with a canonical decomposition lies below; the rest is private or unassigned. */
const LAST_DECOMPOSABLE = 0x2fa1f;

/**
 * Every spelling of a text that Unicode holds equal to it (the same NFC): a database compares bytes, and the
 * same Devanagari word is typed in more than one of them, `ढ़` as one character or as two.
 *
 * @returns the spellings, the NFC one first; `undefined` when there are too many to list
 */
export function canonicalForms(text: string): string[] | undefined {
  const decomposed = text.normalize('NFD');
  const composites = compositesOf(decomposed);
  const forms = new Set([text.normalize('NFC'), decomposed]);
  // The set grows while it is walked: each form's neighbours are visited in turn until none is new.
  for (const form of forms) {
    for (const neighbour of neighboursOf(form, composites)) {
      if (neighbour.normalize('NFD') !== decomposed) continue;
      forms.add(neighbour);
      if (forms.size > MAX_FORMS) return undefined;
    }
  }
  return [...forms];
}

/** Forms that differ by one composed character, or by the order of two combining marks. */
function* neighboursOf(form: string, composites: [composed: string, parts: string][]): Generator<string> {
  for (const [composed, parts] of composites) {
    for (let at = form.indexOf(parts); at >= 0; at = form.indexOf(parts, at + 1)) {
      yield form.slice(0, at) + composed + form.slice(at + parts.length);
    }
  }
  const characters = Array.from(form);
  for (let i = 1; i < characters.length; i += 1) {
    const swapped = [...characters];
    [swapped[i - 1], swapped[i]] = [characters[i]!, characters[i - 1]!];
    yield swapped.join('');
  }
}

/** The single characters whose decomposition occurs in the text. */
function compositesOf(decomposed: string): [composed: string, parts: string][] {
  decompositions ??= listDecompositions();
  return decompositions.filter(([, parts]) => decomposed.includes(parts));
}

// A property of Unicode, so one copy serves all; made at first use, since it takes some 30 ms.
let decompositions: [composed: string, parts: string][] | undefined;

function listDecompositions(): [composed: string, parts: string][] {
  const all: [composed: string, parts: string][] = [];
  for (let code = 0xc0; code <= LAST_DECOMPOSABLE; code += 1) {
    const character = String.fromCodePoint(code);
    const parts = character.normalize('NFD');
    if (parts !== character) all.push([character, parts]);
  }
  return all;
}
