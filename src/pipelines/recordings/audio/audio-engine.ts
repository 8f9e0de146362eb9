import type { AudioFacts, Inference } from '../contract/result-document.js';
import type { TrainingStatistics } from '../model/training-statistics.js';

/** Features of one recording, and what the decoder saw of its file. */
export interface ExtractedAudio {
  /** In the order of `FEATURE_NAMES`. */
  features: Float64Array;
  audio: AudioFacts;
  timingsMs: { decode: number; features: number };
}

/** What a result names as its maker. */
export interface ModelName {
  name: string;
  version: string;
}

/** What the models say of one recording. */
export interface Scored {
  /** Of the model that decides. */
  inference: Inference;
  /** Of the model that only watches; missing without one, and when it failed. */
  shadow?: Inference;
}

export interface ExtractOptions {
  signal?: AbortSignal;
  /**
   * The file is of no use afterwards: who decodes it removes it when its features are there, which costs the worker's own loop nothing. One that
   * fails stays, and so does one that cannot be removed.
   */
  removes?: boolean;
}

/** Everything that costs CPU: runs in the pool's processes, never on the event loop of the worker. */
export interface AudioEngine {
  /**
   * Decodes a file and computes its features.
   *
   * @throws AudioError of the fitting class; a native crash of the decoder is `AudioDecoderCrashed`
   */
  extract(path: string, options?: ExtractOptions): Promise<ExtractedAudio>;
  /**
   * Scores rows of features, in order. A shadow model that fails or is slow is left out, and never fails the call.
   *
   * @throws DependencyUnavailable when the pool cannot answer within the timeout
   */
  score(rows: readonly Float64Array[], signal?: AbortSignal): Promise<Scored[]>;
  /** The model that a batch would be scored by if it started now; its scores say by which they were made. */
  readonly model: ModelName;
  /** The same of the model that scores beside it, where there is one. */
  readonly shadow?: ModelName | undefined;
  /** What a model was trained on that this engine scores with, or has scored with; undefined for any other. */
  trainingOf(model: ModelName): TrainingStatistics | undefined;
  close(): Promise<void>;
}
