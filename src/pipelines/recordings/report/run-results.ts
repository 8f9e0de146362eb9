import type { Calibration } from '../model/calibration/calibration-block.js';
import type { AudioFacts, Reason } from '../contract/result-document.js';

/** What MongoDB says of a test date's results: aggregates, and a few recordings. Never a child's id. */
export interface RunResults {
  recordings: number;
  anomalies: number;
  /** Of all recordings together. */
  audioSeconds: number;
  firstAt: Date | null;
  lastAt: Date | null;
  /** The one with most recordings first; several when the model was changed in between. */
  models: ModelShare[];
  /** Where the model in use is a calibrated one that has scored some of them, under any threshold. */
  comparison: ThresholdComparison | null;
  scores: ScoreHistogram | null;
  throughput: Throughput | null;
  /** The most frequent first. */
  reasons: { description: string; recordings: number }[];
  /** The highest scores first. */
  mostAnomalous: ReportedRecording[];
}

export interface ModelShare {
  name: string;
  version: string;
  /** A score above it is an anomaly; null in documents of a worker that did not write it. */
  threshold: number | null;
  recordings: number;
  anomalies: number;
}

/** A model whose threshold was set by `vachan calibrate`. */
export interface CalibratedModel {
  name: string;
  version: string;
  threshold: number;
  calibration: Calibration;
}

/** What the thresholds before and after a calibration do to the same scores. */
export interface ThresholdComparison {
  /** Scored by any calibration of the model. */
  recordings: number;
  flaggedBefore: number;
  flaggedNow: number;
}

export interface ScoreHistogram {
  binWidth: number;
  /** Lower edges ascend by `binWidth`; bins without a score are there, with zeros. */
  bins: { from: number; normal: number; anomaly: number }[];
  /** Whether the last bin holds all above its lower edge, rather than ending `binWidth` above it. */
  lastIsOpen: boolean;
}

export interface Throughput {
  /** In all bins together. */
  recordings: number;
  binMs: number;
  /** Ascending; bins in which nothing ended are there, with zeros. */
  bins: { at: Date; recordings: number }[];
}

export interface ReportedRecording {
  id: string;
  recordType: string;
  score: number;
  threshold: number | null;
  isAnomaly: boolean;
  /** Empty in documents of the Python worker. */
  reasons: Reason[];
  /** Undefined in documents of the Python worker. */
  audio: AudioFacts | undefined;
  processedAt: Date;
  /** Without a query string. May name a child: shown only to those who ask for it. */
  address: string;
}

export interface RunReader {
  /**
   * Reads a run's results, `top` recordings among them; throughput only of what was written from `since` on and up to `until`. Aggregates are made in the database; what is held here does not grow with the run.
   *
   * @throws DependencyUnavailable when MongoDB does not answer
   */
  read(run: {
    testDate: string;
    sourceCollection: string;
    top: number;
    /** Whose thresholds to compare. */
    calibrated?: CalibratedModel | undefined;
    since?: Date | undefined;
    until?: Date | undefined;
  }): Promise<RunResults>;
  close(): Promise<void>;
}
