import { wordsOf } from '../audio/words.js';
import type { ContentAnalyser } from './content-analyser.js';
import { coverQuestions } from './key-points.js';

/** Rises when the same transcript would give other findings. */
const ENGINE = { name: 'counts-and-key-points', version: '1' };
/** Also of Devanagari, Chinese and Arabic. */
const SENTENCE_END = /[.!?।。！？؟]+/u;

/** Counts, and which key points are said: by their words, which no judgement is read into. */
export const countingAnalyser: ContentAnalyser = {
  analyse({ transcript, questions }) {
    const words = wordsOf(transcript.text);
    return Promise.resolve({
      engine: ENGINE,
      words: words.length,
      distinct_words: new Set(words).size,
      sentences: transcript.text.split(SENTENCE_END).filter((sentence) => wordsOf(sentence).length > 0)
        .length,
      questions: coverQuestions(transcript, questions),
    });
  },
  close() {},
};
