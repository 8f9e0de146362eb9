import type { Inference } from '../../contract/result-document.js';

/** What a member needs of a model; `src/model` provides it. */
export interface ScoringModel {
  manifest: { name: string; version: string };
  score(rows: readonly Float64Array[]): Promise<Inference[]>;
}

/**
 * @param folder the model's artefacts and manifest
 * @throws ModelInvalid when they are missing, altered or disagree
 */
export async function loadScoringModel(folder: string): Promise<ScoringModel> {
  // Loaded late: onnxruntime costs a process that only extracts 40 MB.
  const { loadModel } = await import('../../model/load-model.js');
  return loadModel(folder);
}
