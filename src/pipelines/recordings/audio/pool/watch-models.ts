import type { ModelFiles } from '../../model/model-files.js';
import { watchModel, type ModelWatch } from '../../model/watch-model.js';
import { ModelInvalid } from '../../../../platform/model-folder.js';
import type { ModelName } from '../audio-engine.js';
import { nameOf, type ModelsInUse } from './models-in-use.js';
import type { AudioPool, ModelRole } from './protocol.js';

export interface ModelChanges {
  /** How often the folders are looked at for a new version; without it, never. */
  reloadEveryMs?: number;
  /** Told when a new version was found in its folder and scores from now on, for logs. */
  onModelChanged?: (role: ModelRole, model: ModelName, before: ModelName) => void;
  /** Told when what was found there cannot be used, so that the model before goes on, for logs. */
  onModelRefused?: (role: ModelRole, reason: string, inUse: ModelName) => void;
}

/**
 * Has new versions in the models' folders taken into use, once one member has shown that it can load them.
 *
 * @param beforeUse told of a version before anything is scored with it
 */
export function watchModels(
  options: ModelChanges,
  inUse: ModelsInUse,
  pool: AudioPool,
  loadTimeoutMs: number,
  beforeUse: (files: ModelFiles) => void,
): ModelWatch[] {
  const { reloadEveryMs: everyMs } = options;
  if (everyMs === undefined) return [];
  return (['model', 'shadow'] as const).flatMap((role) => {
    const first = inUse[role];
    if (first === undefined) return [];
    const current = (): ModelFiles => inUse[role] ?? first;
    const adopt = async (files: ModelFiles): Promise<void> => {
      const end = await pool.run({ kind: 'try', files }, loadTimeoutMs, { urgent: true });
      if (end.kind === 'failed') throw end.error;
      if (end.kind === 'lost') {
        throw new ModelInvalid(
          `model folder ${files.folder} cannot be used: loading it cost its process (${end.reason})`,
        );
      }
      const before = nameOf(current());
      if (role === 'model') beforeUse(files);
      inUse[role] = files;
      options.onModelChanged?.(role, nameOf(files), before);
    };
    const onRefused = (reason: string): void => options.onModelRefused?.(role, reason, nameOf(current()));
    return [watchModel({ folder: first.folder, everyMs, current, adopt, onRefused })];
  });
}
