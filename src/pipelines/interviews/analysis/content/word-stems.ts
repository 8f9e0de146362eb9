import { wordsOf } from '../audio/words.js';

/** English words that say nothing of a subject. */
const STOP_WORDS = new Set(
  (
    'a about after all also am an and any are as at be because been before but by can could did do does for from get got had has have ' +
    'he her his how i if in into is it its just like me more my no not of on one or our out over she should so some such than that ' +
    'the their them then there these they this those to too up us very was we were what when where which while who why will with ' +
    'would you your mention mentions mentioned describe describes explain explains talk talks talked say says said tell tells give ' +
    'gives name names'
  ).split(' '),
);
/** Endings of English inflection, the longest first; what is left has at least three letters. */
const ENDINGS = [
  'ations',
  'ation',
  'ments',
  'ment',
  'ings',
  'ing',
  'ies',
  'ied',
  'ers',
  'er',
  'est',
  'ed',
  'es',
  'ly',
  's',
  'y',
  'e',
];
const LEAST_STEM = 3;

/** The words of a text that carry its meaning, each once, without their endings where the text is English. */
export function stemsOf(text: string, language: string): Set<string> {
  const words = wordsOf(text);
  if (language !== 'en') return new Set(words);
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return new Set((telling.length > 0 ? telling : words).map(stemOf));
}

/** So that "organised", "organises" and "organisation" are one word; different words that fall together are rare in one answer. */
function stemOf(word: string): string {
  const bare = word.replace(/'s$|'$/, '');
  const ending = ENDINGS.find((end) => bare.endsWith(end) && bare.length - end.length >= LEAST_STEM);
  if (ending === undefined) return bare;
  const stem = bare.slice(0, -ending.length);
  // "planned" and "plan", not "calling" and "cal".
  return stem.length > LEAST_STEM && /([bdgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}
