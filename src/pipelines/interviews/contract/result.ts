import type { AudioMeasures, ContentMeasures, SpeechMeasures, TranscriptMeasures } from './audio-measures.js';
import type { Engine } from './audio-part.js';
import type { InterviewType } from './job.js';
import type { MediaWarning } from './media-facts.js';
import type { VideoMeasures } from './video-measures.js';

/** What nobody may read out of a result, since nothing here measures it. */
export const NOT_MEASURED = [
  'emotion',
  'mood',
  'attention',
  'honesty',
  'identity',
  'age',
  'sex',
  'ethnicity',
  'hire_score',
] as const;

/** Rises when the same media would give other measures: `reprocess --engine-version-below` compares it. */
export const ENGINE_VERSION = 1;

/** A document of `INTERVIEW_RESULT_COLLECTION`: all that was measured of one medium, one object's content. */
export interface InterviewResult {
  /** Of the job's key and the object's ETag, so that a repeated attempt writes the same document. */
  _id: string;
  interview_id: string;
  interview_type: InterviewType;
  bucket: string;
  key: string;
  etag: string;
  /** Of the interview's id: finds what an erased interview may have left, of whose id nothing is kept. */
  interview_digest: string;
  job_id: string;
  /** Of the job's claim under which it was written. */
  run_id: string;
  revision: number;
  engine_version: number;
  media: MediaSummary;
  warnings: readonly MediaWarning[];
  /** Of the picture: absent in an audio job's. */
  video?: VideoMeasures;
  /** Of the sound, these four: absent where the file has no audio stream. */
  audio?: AudioMeasures;
  speech?: SpeechMeasures;
  transcript?: TranscriptMeasures;
  content?: ContentMeasures;
  series: ResultSeries;
  /** Of the picture. */
  schedule?: SampleSchedule;
  not_measured: readonly string[];
  engines: readonly Engine[];
  timings: ResultTimings;
  created_at: Date;
  /** When it is removed; absent where results are kept until they are erased. */
  expires_at?: Date;
  /** Id of the result that took its place; a medium has one result without. */
  superseded_by?: string;
}

export interface MediaSummary {
  container: string;
  size: number;
  stated_duration: number | null;
  /** Measured from packets. */
  duration: number;
  video?: {
    codec: string;
    width: number;
    height: number;
    rotation: number;
    seconds: number;
    frames: number;
    /** Longest time between two keyframes, in seconds; null with fewer than two. */
    keyframe_interval: number | null;
  };
  audio?: { codec: string; rate: number; channels: number; seconds: number };
}

/** What was looked at, and when. */
export interface SampleSchedule {
  /** Seconds from one picture to the next. */
  every: number;
  /** Pictures that were looked at, as first and last place of each run on that grid. */
  taken: readonly (readonly [first: number, last: number])[];
}

/** A value of each second, rounded; null where there is none. All columns are as long as `time`. */
export interface SeriesColumns {
  time: readonly number[];
  faces: readonly (number | null)[];
  /** Of the largest face, in degrees. */
  yaw: readonly (number | null)[];
  pitch: readonly (number | null)[];
  brightness: readonly (number | null)[];
  sharpness: readonly (number | null)[];
  /** In dB of full scale. */
  level: readonly (number | null)[];
  /** Part of the second with speech, from 0 to 1. */
  speech: readonly (number | null)[];
  pitch_hz: readonly (number | null)[];
}

/** In the document, in an object of its own where it is too large, or nowhere where there is no place for that. */
export type ResultSeries =
  | { stored: 'document'; columns: SeriesColumns }
  | { stored: 's3'; bucket: string; key: string; bytes: number }
  | { stored: 'nowhere'; bytes: number };

export interface ResultTimings {
  started_at: Date;
  /** From the claim until the result was put together. */
  seconds: number;
}
