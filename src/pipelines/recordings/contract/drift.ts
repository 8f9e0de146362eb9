/**
 * How the recordings of one test date differ from those that the model was trained on. Every recording counts once,
 * however often it was delivered.
 */
export interface DriftReport {
  /** Whose training statistics were compared with: the model that scored last of the date. Null without a recording. */
  model_name: string | null;
  model_version: string | null;
  recordings: number;
  /**
   * By which models these recordings were scored, the one compared with first; several where the model changed
   * meanwhile.
   */
  scored_by: DriftModel[];
  /** Recordings left out, since a worker of another version had computed other features. */
  not_comparable: number;
  /** Features that were compared. */
  features: number;
  /** Of these, how many are further away than `DRIFT_NOTABLE_DISTANCE`. */
  drifted: number;
  /** The furthest first; at most `DRIFT_MOST_FEATURES`. */
  most_drifted: FeatureDrift[];
}

/** A model, and how many of the recordings it scored. */
export interface DriftModel {
  model_name: string;
  model_version: string;
  recordings: number;
}

/** One feature, in its own unit; distances in training standard deviations. */
export interface FeatureDrift {
  feature: string;
  training_mean: number;
  training_std: number;
  mean: number;
  std: number;
  /** Five, fifty and ninety-five per cent of the recordings are below. */
  q05: number;
  q50: number;
  q95: number;
  /** Between the two distributions, as if both were normal: how far the mean and the deviation moved, together. */
  distance: number;
}

/** Why a run's summary has no report. */
export interface DriftUnavailable {
  unavailable: string;
}

/** The mean or the spread is off by half of what recordings differ among themselves. */
export const DRIFT_NOTABLE_DISTANCE = 0.5;
/** A list to be read; 4 KB of a summary. */
export const DRIFT_MOST_FEATURES = 20;
