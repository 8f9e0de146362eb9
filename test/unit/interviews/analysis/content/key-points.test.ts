import {
  reduceContent,
  type Transcript,
} from '../../../../../src/pipelines/interviews/analysis/content/content-analyser.js';
import { countingAnalyser } from '../../../../../src/pipelines/interviews/analysis/content/count-content.js';
import { coverQuestions } from '../../../../../src/pipelines/interviews/analysis/content/key-points.js';

const transcriptOf = (texts: string[], language = 'en'): Transcript => ({
  engine: { name: 'test', version: '1' },
  language,
  coverage: { seconds: 1, ratio: 1 },
  segments: texts.map((text, index) => ({ start: 10 * index, end: 10 * index + 8, text })),
  text: texts.join(' '),
  words: 0,
});

const pointsOf = (texts: string[], key_points: string[], language = 'en') =>
  coverQuestions(transcriptOf(texts, language), [{ text: '?', key_points }])[0]!;

describe('key points', () => {
  const answer = [
    'Hello, my name is Alex.',
    'Last winter our ward was short of staff, so I planned the night shifts anew.',
    'I asked each person what they could do.',
  ];

  it('are covered where their words are said, in another form, too', () => {
    const { key_points, coverage } = pointsOf(answer, ['planning night shifts', 'budget and savings']);
    expect(key_points).toEqual([
      { key_point: 0, covered: true, score: 1, at: { start: 10, end: 18 } },
      { key_point: 1, covered: false, score: 0, at: null },
    ]);
    expect(coverage).toBe(0.5);
  });

  it('may be said over two pieces of speech, and not over a whole interview', () => {
    const [over, apart] = pointsOf(answer, ['staff shifts persons asked', 'Alex person']).key_points;
    expect(over).toEqual({ key_point: 0, covered: true, score: 1, at: { start: 10, end: 28 } });
    expect(apart).toMatchObject({ covered: false, score: 0.5 });
  });

  it('are compared word by word in languages whose endings are not known', () => {
    expect(pointsOf(['मैं एक नर्स हूँ।'], ['नर्स'], 'hi').key_points[0]).toMatchObject({ covered: true, score: 1 });
  });

  it('of only common words are looked for by those', () => {
    expect(pointsOf(['That is how it is.'], ['how it is']).key_points[0]!.score).toBe(1);
  });

  it('are none where a question has none', () => {
    expect(coverQuestions(transcriptOf(answer), [{ text: 'Who are you?' }])).toEqual([
      { question: 0, key_points: [], coverage: null },
    ]);
  });
});

describe('content', () => {
  const questions = [{ text: '?', key_points: ['nurse'] }];

  it('counts words and sentences', async () => {
    const transcript = transcriptOf(['I am a nurse. Am I?', 'Yes!']);
    expect(await reduceContent(countingAnalyser, { transcript, questions })).toMatchObject({
      words: 7,
      distinct_words: 5,
      sentences: 3,
      questions: [{ coverage: 1 }],
    });
  });

  it('is absent without a transcript, when switched off, and when the engine fails', async () => {
    const transcript = transcriptOf([]);
    const failing = { analyse: () => Promise.reject(new Error('no')), close: () => undefined };
    expect(await reduceContent(countingAnalyser, { transcript: { absent: 'no_model' }, questions })).toEqual({
      absent: 'no_transcript',
    });
    expect(await reduceContent('off', { transcript, questions })).toEqual({ absent: 'switched_off' });
    expect(await reduceContent(failing, { transcript, questions })).toEqual({ absent: 'engine_failed' });
  });
});
