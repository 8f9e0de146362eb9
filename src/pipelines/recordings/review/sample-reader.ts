import type { ReportedRecording } from '../report/run-results.js';
import type { Sample } from './sample.js';

/** A recording that is to be judged. */
export interface SampledRecording extends ReportedRecording {
  sample: Sample;
}

export interface ReviewSample {
  /** In playing order. */
  recordings: SampledRecording[];
  /** Results of the date in all. */
  results: number;
  /** The models that scored them, the one with most results first. */
  models: { name: string; version: string; recordings: number }[];
}

export interface SampleReader {
  /**
   * Reads the `top` highest scores of a date and `random` of its other normal results, chosen by `seed`. What is held here
   * does not grow with the date.
   *
   * @throws DependencyUnavailable when MongoDB does not answer
   */
  read(wanted: {
    testDate: string;
    sourceCollection: string;
    top: number;
    random: number;
    seed: number;
  }): Promise<ReviewSample>;
  /** Those of the ids that are results of this date. */
  ofDate(testDate: string, sourceCollection: string, ids: readonly string[]): Promise<string[]>;
  close(): Promise<void>;
}
