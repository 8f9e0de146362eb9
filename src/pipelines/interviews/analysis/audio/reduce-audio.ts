import type {
  AudioMeasures,
  Coverage,
  SpeechMeasures,
  TranscriptMeasures,
} from '../../contract/audio-measures.js';
import type { AudioPart, TranscriptPart } from '../../contract/audio-part.js';
import type { MediaFacts } from '../../contract/media-facts.js';
import { reduceLevels } from './reduce-levels.js';
import { reduceSpeech } from './reduce-speech.js';
import { roundTo } from './rounding.js';
import { wordsOf } from './words.js';

/** Rises when the same sound would give other levels. */
const LEVELS_ENGINE = { name: 'bs1770', version: '1' };

/** What is said of a medium's sound. */
export interface SoundMeasures {
  audio: AudioMeasures;
  speech: SpeechMeasures;
  transcript: TranscriptMeasures;
}

/** Measures of what one pass heard; every number is finite, and null is what cannot be said. */
export function reduceAudio(part: AudioPart, facts: Pick<MediaFacts, 'duration'>): SoundMeasures {
  const coverage = coverageOf(part.heard_seconds, facts.duration);
  const transcript = reduceTranscript(
    part.transcript,
    part.speech.reduce((sum, { start, end }) => sum + end - start, 0),
  );
  return {
    audio: {
      coverage,
      engine: LEVELS_ENGINE,
      rate: part.rate,
      channels: part.channels,
      ...reduceLevels(part.level),
    },
    speech: reduceSpeech(part, coverage, transcript),
    transcript,
  };
}

function reduceTranscript(part: TranscriptPart, speechSeconds: number): TranscriptMeasures {
  if ('absent' in part) return part;
  const { language, engine, heard_seconds } = part;
  const segments = part.segments.map(({ start, end, text }) => ({
    start: roundTo(start, 2),
    end: roundTo(end, 2),
    text,
  }));
  const text = segments.map((segment) => segment.text).join(' ');
  // Pieces have some silence around them, so that they may be longer than the speech.
  const coverage = coverageOf(Math.min(heard_seconds, speechSeconds), speechSeconds);
  return { engine, language, coverage, segments, text, words: wordsOf(text).length };
}

/** @param of seconds; of nothing, nothing is missing */
function coverageOf(seconds: number, of: number): Coverage {
  return { seconds: roundTo(seconds, 3), ratio: of > 0 ? roundTo(Math.min(1, seconds / of), 4) : 1 };
}
