import { countFillers, fillerOf } from '../../../../../src/pipelines/interviews/analysis/audio/fillers.js';
import { syllablesOf, wordsOf } from '../../../../../src/pipelines/interviews/analysis/audio/words.js';

describe('the words of a transcript', () => {
  it('are taken out of their signs, in any script, with what belongs inside them', () => {
    expect(wordsOf('Well, I don’t know — twenty-two? 2026!')).toEqual([
      'well',
      'i',
      "don't",
      'know',
      'twenty-two',
      '2026',
    ]);
    expect(wordsOf('मैं एक नर्स हूँ।')).toEqual(['मैं', 'एक', 'नर्स', 'हूँ']);
    expect(wordsOf(' … ')).toEqual([]);
  });

  it.each([
    ['the', 1],
    ['late', 1],
    ['asked', 1],
    ['wanted', 2],
    ['people', 2],
    ['whole', 1],
    ['measured', 2],
    ['decided', 3],
    ['times', 1],
    ['pieces', 2],
    ['hm', 1],
  ])('%s has so many syllables: %i', (word, count) => {
    expect(syllablesOf(word)).toBe(count);
  });

  it('hold sounds of hesitation however they are spelt, and words that mean something are none', () => {
    expect(
      ['um', 'umm', 'uhm', 'erm', 'uh', 'er', 'hmm', 'mhm', 'ahh'].filter((word) => !fillerOf(word)),
    ).toEqual([]);
    expect(['like', 'well', 'her', 'umbrella', 'so', 'am', 'he'].filter((word) => fillerOf(word))).toEqual(
      [],
    );
    expect(countFillers(['um', 'i', 'uh', 'um'], 30)).toEqual({
      count: 3,
      per_minute: 6,
      ratio: 0.75,
      words: { um: 2, uh: 1 },
    });
  });
});
