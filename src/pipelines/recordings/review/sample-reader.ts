import type { ReportedRecording } from '../report/run-results.js';
import type { Sample } from '../evaluation/labels/verdicts-csv.js';
import type { RandomFrom } from './sample.js';

/** A recording that is to be judged. */
export interface SampledRecording extends ReportedRecording {
  sample: Sample;
}

export interface ReviewSample {
  /** In playing order. */
  recordings: SampledRecording[];
  /** How many have the highest scores, and how many were drawn; none is both. */
  top: number;
  random: number;
  /** Results of the date in all. */
  results: number;
  /** The models that scored them, the one with most results first. */
  models: { name: string; version: string; recordings: number }[];
}

/** A result that a reviewer's file names. */
export interface ResultOfDate {
  id: string;
  /** Whether the model took it for an anomaly. */
  flagged: boolean;
}

export interface SampleReader {
  /**
   * Reads the `top` highest scores of a date's anomalies, and `random` results drawn by `seed` from those that the model took for
   * normal, or, with no `top`, from all. What is held here does not grow with the date.
   *
   * @throws DependencyUnavailable when MongoDB does not answer
   */
  read(wanted: {
    testDate: string;
    sourceCollection: string;
    top: number;
    random: number;
    randomFrom: RandomFrom;
    seed: number;
  }): Promise<ReviewSample>;
  /** Those of the ids that are results of this date, and whether the model took them for anomalies. */
  ofDate(testDate: string, sourceCollection: string, ids: readonly string[]): Promise<ResultOfDate[]>;
  close(): Promise<void>;
}
