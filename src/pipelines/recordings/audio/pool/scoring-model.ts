import type { Model } from '../../model/load-model.js';
import type { ModelFiles } from '../../model/model-files.js';

/** What a member needs of a model. */
export type ScoringModel = Pick<Model, 'score' | 'release'>;

/**
 * Loads onnxruntime late: it costs a process that only extracts 40 MB.
 *
 * @throws ModelInvalid when the model cannot be used
 */
export async function openScoringModel(files: ModelFiles): Promise<ScoringModel> {
  const { openModel } = await import('../../model/load-model.js');
  return openModel(files);
}
