import type { TrainingStatistics } from '../model/training-statistics.js';

/** One recording's features, under the id of its result. */
export interface MeasuredRecording {
  resultDocumentId: string;
  /** In the order of the engine's feature names. */
  features: ArrayLike<number>;
}

/** The model that scored a batch, and what it was trained on. */
export interface ScoringModelNote {
  name: string;
  version: string;
  training: TrainingStatistics;
}

/** Whose recordings a batch holds some of. */
export interface FeatureLogKey {
  source_collection: string;
  test_date: string;
}

/**
 * The features of every recording of a test date, for the comparison at the end of its run. Written before the results: a process
 * that is killed in between has its messages delivered again, and what is measured twice is read once. After a result exists, its
 * recording is not measured again, so the other order could lose it.
 */
export interface FeatureLog {
  /** Writes a batch's recordings; the same batch, key and model again replaces what was written. */
  record(
    batchId: string,
    key: FeatureLogKey,
    model: ScoringModelNote,
    recordings: readonly MeasuredRecording[],
  ): Promise<void>;
  /**
   * Calls `visit` for each recording of the date once, with its latest features and who scored it: the latest batch first. The array
   * is used again for the next.
   *
   * @returns how many were left out, since they hold other features than this process computes
   */
  read(
    key: FeatureLogKey,
    visit: (features: Float32Array, model: ScoringModelNote) => void,
  ): Promise<{ notComparable: number }>;
  /** Creates the indexes, if missing. */
  ensureIndexes(): Promise<void>;
}
