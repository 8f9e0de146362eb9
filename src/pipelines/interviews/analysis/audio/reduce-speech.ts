import type {
  Coverage,
  PitchMeasures,
  SpeechMeasures,
  SpeechRate,
  TranscriptMeasures,
} from '../../contract/audio-measures.js';
import type { AudioPart, TimeSpan } from '../../contract/audio-part.js';
import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../models/speech/speech-segments.js';
import { countFillers, fillerOf } from './fillers.js';
import { pitchPercentile, voicedFrames } from './pitch-counts.js';
import { roundTo } from './rounding.js';
import { syllablesOf, wordsOf } from './words.js';

/** A shorter silence between words is no pause. */
export const LEAST_PAUSE_SECONDS = 0.5;
const FRAME_SECONDS = FRAME_SAMPLES / SPEECH_RATE_HZ;
/** A pitch of less than a second of voice says nothing of a person. */
const LEAST_VOICED_SECONDS = 1;
const PITCH_ENGINE = { name: 'yin', version: '1' };
/** Of languages whose syllables are counted by English rules. */
const ENGLISH = 'en';

/** Speech, its pauses, its pitch, and how fast it goes. */
export function reduceSpeech(
  part: AudioPart,
  coverage: Coverage,
  transcript: TranscriptMeasures,
): SpeechMeasures {
  const intervals = part.speech.map(({ start, end }) => ({ start: roundTo(start, 3), end: roundTo(end, 3) }));
  const seconds = part.speech.reduce((sum, { start, end }) => sum + end - start, 0);
  const pauses = pausesBetween(intervals);
  const lengths = pauses.map(({ start, end }) => end - start).sort((a, b) => a - b);
  const [first, last] = [intervals[0], intervals.at(-1)];
  const spoken = first === undefined || last === undefined ? 0 : last.end - first.start;
  return {
    coverage,
    engine: part.speech_engine,
    speech_seconds: roundTo(seconds, 3),
    speech_ratio: part.heard_seconds > 0 ? roundTo(Math.min(1, seconds / part.heard_seconds), 4) : 0,
    intervals,
    pauses,
    pause_count: pauses.length,
    pause_seconds: roundTo(
      lengths.reduce((sum, length) => sum + length, 0),
      3,
    ),
    longest_pause_seconds: roundTo(lengths.at(-1) ?? 0, 3),
    median_pause_seconds: medianOf(lengths),
    pauses_per_minute: spoken > 0 ? roundTo((pauses.length * 60) / spoken, 2) : null,
    first_speech_seconds: first === undefined ? null : roundTo(Math.max(0, first.start - part.start), 3),
    pitch: reducePitch(part),
    ...reduceWords(transcript, seconds, spoken),
  };
}

/** Silences between speech. */
function pausesBetween(intervals: readonly TimeSpan[]): TimeSpan[] {
  return intervals
    .slice(1)
    .map(({ start }, index) => ({ start: intervals[index]!.end, end: start }))
    .filter(({ start, end }) => end - start >= LEAST_PAUSE_SECONDS);
}

/** @param sorted ascending */
function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return roundTo(sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2, 3);
}

function reducePitch({ pitch }: AudioPart): PitchMeasures | null {
  const voiced = voicedFrames(pitch);
  if (voiced * FRAME_SECONDS < LEAST_VOICED_SECONDS) return null;
  const [p10, median, p90] = [0.1, 0.5, 0.9].map((part) => pitchPercentile(pitch, part)) as [
    number,
    number,
    number,
  ];
  return {
    engine: PITCH_ENGINE,
    median_hz: roundTo(median, 1),
    p10_hz: roundTo(p10, 1),
    p90_hz: roundTo(p90, 1),
    range_semitones: roundTo(12 * Math.log2(p90 / p10), 2),
    voiced_seconds: roundTo(voiced * FRAME_SECONDS, 2),
    voiced_ratio: roundTo(voiced / pitch.frames, 4),
  };
}

/** Sounds of hesitation are no words of a rate. @param spoken seconds from the first to the last speech */
function reduceWords(
  transcript: TranscriptMeasures,
  seconds: number,
  spoken: number,
): Pick<SpeechMeasures, 'rate' | 'fillers'> {
  if ('absent' in transcript || seconds <= 0) return { rate: null, fillers: null };
  const all = wordsOf(transcript.text);
  const words = all.filter((word) => fillerOf(word) === undefined);
  const syllables =
    transcript.language === ENGLISH ? words.reduce((sum, word) => sum + syllablesOf(word), 0) : null;
  const rate: SpeechRate = {
    words: words.length,
    syllables,
    words_per_minute: roundTo((words.length * 60) / spoken, 1),
    articulation_words_per_minute: roundTo((words.length * 60) / seconds, 1),
    articulation_syllables_per_second: syllables === null ? null : roundTo(syllables / seconds, 2),
  };
  return { rate, fillers: countFillers(all, seconds) };
}
