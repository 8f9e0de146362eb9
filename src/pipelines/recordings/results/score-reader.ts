import type { Reason } from '../contract/result-document.js';

/** Whose results are read. */
export interface ScoresOf {
  testDate: string;
  sourceCollection: string;
}

/** What a model said of one recording; nothing of the child, the school or the audio's address. */
export interface StoredScore {
  id: string;
  score: number;
  flagged: boolean;
  /** Null in documents of a worker that did not write it. */
  threshold: number | null;
  modelName: string;
  modelVersion: string;
}

/** How many of a date's results one model, at one threshold, flagged and passed. */
export interface ModelScores {
  name: string;
  version: string;
  threshold: number | null;
  flagged: number;
  passed: number;
}

/** The scores in a date's results. Implementations map driver errors to `DependencyUnavailable`. */
export interface ScoreReader {
  /** The results of these ids that belong to the date, with their reasons, in no order. */
  ofIds(of: ScoresOf, ids: readonly string[]): Promise<(StoredScore & { reasons: Reason[] })[]>;
  /** The one with most results first. */
  models(of: ScoresOf): Promise<ModelScores[]>;
  /** Every result of the date, in no order, never all in memory. */
  scores(of: ScoresOf): AsyncIterable<StoredScore>;
  close(): Promise<void>;
}
