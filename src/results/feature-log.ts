/** One recording's features, under the id of its result. */
export interface MeasuredRecording {
  resultDocumentId: string;
  /** In the order of the engine's feature names. */
  features: ArrayLike<number>;
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
  /** Writes a batch's recordings; the same batch and key again replaces what was written. */
  record(batchId: string, key: FeatureLogKey, recordings: readonly MeasuredRecording[]): Promise<void>;
  /**
   * Calls `visit` for each recording of the date once, with its latest features. The array is used again for the next.
   *
   * @returns how many were left out, since they hold other features than this process computes
   */
  read(key: FeatureLogKey, visit: (features: Float32Array) => void): Promise<{ notComparable: number }>;
  /** Creates the indexes, if missing. */
  ensureIndexes(): Promise<void>;
}
