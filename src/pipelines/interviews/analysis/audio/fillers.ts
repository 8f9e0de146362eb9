import type { FillerMeasures } from '../../contract/audio-measures.js';
import { roundTo } from './rounding.js';

/** Sounds of hesitation, as transcribers write them; words that may mean something ("like", "well") are not counted. */
const SPELLINGS: Readonly<Record<string, RegExp>> = {
  um: /^u+h*m+$|^erm+$/,
  uh: /^u+h+$|^er+$/,
  ah: /^a+h+$/,
  hm: /^h+m+$|^m+h+m+$/,
  eh: /^e+h+$/,
};

/** @param words in lower case @param speechSeconds of those words, more than 0 */
export function countFillers(words: readonly string[], speechSeconds: number): FillerMeasures {
  const found: Record<string, number> = {};
  let count = 0;
  for (const word of words) {
    const filler = fillerOf(word);
    if (filler === undefined) continue;
    found[filler] = (found[filler] ?? 0) + 1;
    count++;
  }
  return {
    count,
    per_minute: roundTo((count * 60) / speechSeconds, 2),
    ratio: words.length === 0 ? 0 : roundTo(count / words.length, 4),
    words: found,
  };
}

/** What a word stands for as a sound of hesitation; undefined for any other word. */
export function fillerOf(word: string): string | undefined {
  return Object.keys(SPELLINGS).find((filler) => SPELLINGS[filler]!.test(word));
}
