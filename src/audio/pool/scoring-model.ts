import type { Model } from '../../model/load-model.js';

/** What a member needs of a model. */
export interface ScoringModel {
  manifest: { name: string; version: string };
  score: Model['score'];
}

/**
 * Loads onnxruntime late: it costs a process that only extracts 40 MB.
 *
 * @param folder the model's artefacts and manifest
 * @throws ModelInvalid when they are missing, altered or disagree
 */
export async function loadScoringModel(folder: string): Promise<ScoringModel> {
  const { loadModel } = await import('../../model/load-model.js');
  return loadModel(folder);
}
