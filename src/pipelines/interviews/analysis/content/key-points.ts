import type { KeyPointCoverage, QuestionCoverage } from '../../contract/audio-measures.js';
import type { Question } from '../../contract/job.js';
import { roundTo } from '../audio/rounding.js';
import type { Transcript } from './content-analyser.js';
import { stemsOf } from './word-stems.js';

/** From this part of its words on, a key point is covered. */
const COVERED = 0.6;

/** How far each question's key points are said: their words, within two pieces of speech that follow each other. */
export function coverQuestions(
  { segments, language }: Pick<Transcript, 'segments' | 'language'>,
  questions: readonly Question[],
): QuestionCoverage[] {
  // A sentence may run from one piece into the next.
  const passages = segments.map(({ start, end, text }, index) => {
    const next = segments[index + 1];
    return {
      own: stemsOf(text, language),
      next: stemsOf(next?.text ?? '', language),
      start,
      end,
      until: next?.end ?? end,
    };
  });

  const cover = (text: string, place: number): KeyPointCoverage => {
    const wanted = [...stemsOf(text, language)];
    let best: KeyPointCoverage = { key_point: place, covered: false, score: 0, at: null };
    for (const { own, next, start, end, until } of passages) {
      const here = wanted.filter((stem) => own.has(stem)).length;
      const both = wanted.filter((stem) => own.has(stem) || next.has(stem)).length;
      // What only the next piece says, is its own.
      if (here === 0) continue;
      const score = roundTo(both / wanted.length, 4);
      if (score <= best.score) continue;
      best = {
        key_point: place,
        covered: score >= COVERED,
        score,
        at: { start, end: both > here ? until : end },
      };
    }
    return best;
  };
  return questions.map(({ key_points = [] }, question) => {
    const covered = key_points.map(cover);
    const count = covered.filter((point) => point.covered).length;
    return {
      question,
      key_points: covered,
      coverage: covered.length === 0 ? null : roundTo(count / covered.length, 4),
    };
  });
}
