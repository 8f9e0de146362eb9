/**
 * What one pass over a medium's sound has heard: what measures are reduced from, kept in `interview_parts`. Plain numbers, lists and
 * strings, under 4 MB for four hours. Times are seconds on the container's clock.
 */
export interface AudioPart {
  /** Of the first and behind the last sample. */
  start: number;
  end: number;
  /** Seconds of sound between them: less than `end - start` where the stream has gaps. */
  heard_seconds: number;
  /** Samples a second, and channels, of most of the sound. */
  rate: number;
  channels: number;
  level: LevelPart;
  /** Where somebody speaks, in order, not overlapping, not padded; nearer than `minSilenceSeconds` is one. */
  speech: readonly TimeSpan[];
  pitch: PitchPart;
  /** Of each second in which there is sound, in order: what a timeline shows. */
  seconds: readonly AudioSecond[];
  /** What heard the speech. */
  speech_engine: Engine;
  transcript: TranscriptPart;
}

export interface TimeSpan {
  start: number;
  end: number;
}

/** Who made a measure. */
export interface Engine {
  name: string;
  version: string;
}

export interface LevelPart {
  /**
   * K-weighted energy of each tenth of a second, all channels added up, the last one (if it is not whole) left out: blocks of BS.1770
   * are four of them. Zero is digital silence.
   */
  tenths: readonly number[];
  /** Greatest absolute sample, and greatest value between samples (BS.1770, four times oversampled); 1 is full scale. */
  sample_peak: number;
  true_peak: number;
  /** Samples of all channels; those of them in runs of three or more at full scale; the sum of all their squares. */
  samples: number;
  clipped_samples: number;
  square_sum: number;
  /** How many frames of 32 ms of the mono sound have which level, with and without speech; frames at speech's borders are in neither. */
  speech_levels: LevelCounts;
  quiet_levels: LevelCounts;
}

/** Frames by level: `counts[i]` have an RMS from `lowest_db + i · step_db` on; lower ones are in the first, louder ones in the last. */
export interface LevelCounts {
  lowest_db: number;
  step_db: number;
  counts: readonly number[];
}

/** Of frames with speech. */
export interface PitchPart {
  /** Frames that were looked at, 32 ms each. */
  frames: number;
  /** Voiced frames by pitch: `counts[i]` are from `lowest_hz · 2^(i / steps_per_octave)` Hz on. */
  lowest_hz: number;
  steps_per_octave: number;
  counts: readonly number[];
}

export interface AudioSecond {
  /** It is from k to k + 1 s on the container's clock. */
  k: number;
  /** RMS of the mono sound in dB of full scale, at least -120. */
  level_db: number;
  /** Part of the second with speech, from 0 to 1. */
  speech: number;
  /** Median of its voiced frames; null where there is none. */
  pitch_hz: number | null;
}

/** What was said, or why that is not known. */
export type TranscriptPart =
  | {
      language: string;
      engine: Engine;
      /** Pieces of speech, in order; those without words left out. */
      segments: readonly TranscribedSpeech[];
      /** Seconds that the transcriber was given. */
      heard_seconds: number;
    }
  | { absent: TranscriptAbsent };

export interface TranscribedSpeech extends TimeSpan {
  text: string;
}

/** Why there is no transcript: switched off, no weights (`npm run models`), a language that the engine does not know, or it failed. */
export const TRANSCRIPT_ABSENT = ['switched_off', 'no_model', 'language_unknown', 'engine_failed'] as const;
export type TranscriptAbsent = (typeof TRANSCRIPT_ABSENT)[number];
