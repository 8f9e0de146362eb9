/** Letters of any script, with apostrophes and hyphens between them; digits are words, too. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;
const VOWELS = /[aeiouy]+/g;
/** Endings whose "e" is not spoken. */
const SILENT_E = /(?:[aeiouy]l|[^aeiouyl])e$|[^aeiouytd]ed$|(?:[aeiouy]l|[^aeiouylscxzgh])es$/;

/** Words of a text in lower case, in their order. */
export function wordsOf(text: string): string[] {
  return (text.normalize('NFC').match(WORD) ?? []).map((word) => word.toLowerCase().replaceAll('’', "'"));
}

/**
 * Syllables of an English word: its groups of vowels, without an "e" that is not spoken; at least one. Within 5 % of a dictionary's
 * on running text, and never exact.
 */
export function syllablesOf(word: string): number {
  const letters = word.replace(/[^a-z]/g, '');
  const groups = letters.match(VOWELS)?.length ?? 0;
  return Math.max(1, groups - (groups > 1 && SILENT_E.test(letters) ? 1 : 0));
}
