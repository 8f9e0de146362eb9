import type { Engine, TimeSpan, TranscribedSpeech, TranscriptAbsent } from './audio-part.js';

/** How much of the medium a measure is of. */
export interface Coverage {
  /** Seconds that were heard. */
  seconds: number;
  /** They are this part of the medium's duration, from 0 to 1. */
  ratio: number;
}

/** `audio` of a result; null is what cannot be said, as the loudness of digital silence. Defined in docs/measures.md. */
export interface AudioMeasures {
  coverage: Coverage;
  engine: Engine;
  rate: number;
  channels: number;
  /** Nothing but samples of zero. */
  digital_silence: boolean;
  /** ITU-R BS.1770-4, gated. */
  integrated_lufs: number | null;
  max_momentary_lufs: number | null;
  max_short_term_lufs: number | null;
  /** EBU Tech 3342, in LU; null for less than a minute of sound. */
  loudness_range_lu: number | null;
  true_peak_dbtp: number | null;
  sample_peak_dbfs: number | null;
  rms_dbfs: number | null;
  clipped_ratio: number;
  /** Mean level of speech, median level between it, and the first without the noise over the second. */
  speech_level_dbfs: number | null;
  noise_floor_dbfs: number | null;
  snr_db: number | null;
}

/** `speech` of a result. */
export interface SpeechMeasures {
  coverage: Coverage;
  engine: Engine;
  speech_seconds: number;
  /** Of what was heard. */
  speech_ratio: number;
  /** Speech with silences below 0.25 s bridged. */
  intervals: readonly TimeSpan[];
  /** Silences of at least 0.5 s between speech: not those before the first and after the last word. */
  pauses: readonly TimeSpan[];
  pause_count: number;
  pause_seconds: number;
  longest_pause_seconds: number;
  median_pause_seconds: number | null;
  pauses_per_minute: number | null;
  /** Seconds from the sound's beginning to the first speech. */
  first_speech_seconds: number | null;
  pitch: PitchMeasures | null;
  /** Of the transcript; null where there is none. */
  rate: SpeechRate | null;
  fillers: FillerMeasures | null;
}

export interface PitchMeasures {
  engine: Engine;
  median_hz: number;
  p10_hz: number;
  p90_hz: number;
  /** From p10 to p90. */
  range_semitones: number;
  /** Voiced seconds, and their part of speech. */
  voiced_seconds: number;
  voiced_ratio: number;
}

/** Sounds of hesitation are not counted as words. */
export interface SpeechRate {
  words: number;
  /** Of English text alone; else null. */
  syllables: number | null;
  /** From the first word to the last one, pauses included; and over seconds of speech alone. */
  words_per_minute: number;
  articulation_words_per_minute: number;
  articulation_syllables_per_second: number | null;
}

export interface FillerMeasures {
  count: number;
  per_minute: number;
  /** Part of all words. */
  ratio: number;
  /** By word, such as `um`. */
  words: Readonly<Record<string, number>>;
}

/** `transcript` of a result: absent is never empty. */
export type TranscriptMeasures =
  | {
      engine: Engine;
      language: string;
      /** Of the seconds of speech. */
      coverage: Coverage;
      segments: readonly TranscribedSpeech[];
      text: string;
      words: number;
    }
  | { absent: TranscriptAbsent };

/** `content` of a result. */
export type ContentMeasures =
  | {
      engine: Engine;
      words: number;
      distinct_words: number;
      sentences: number;
      questions: readonly QuestionCoverage[];
      /** Further findings of a service, as it names them. */
      findings?: Readonly<Record<string, string | number | boolean | null>>;
    }
  | { absent: 'no_transcript' | 'switched_off' | 'engine_failed' };

export interface QuestionCoverage {
  /** Its place among the job's questions, from 0. */
  question: number;
  key_points: readonly KeyPointCoverage[];
  /** Key points that are covered, of all; null where the question has none. */
  coverage: number | null;
}

export interface KeyPointCoverage {
  /** Its place among the question's key points, from 0. */
  key_point: number;
  covered: boolean;
  /** Part of its words that the transcript has, from 0 to 1. */
  score: number;
  /** Where it is said best, seconds on the container's clock. */
  at: TimeSpan | null;
}
