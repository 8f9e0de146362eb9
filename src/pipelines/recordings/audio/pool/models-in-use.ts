import type { ModelFiles } from '../../model/model-files.js';
import type { ModelName } from '../audio-engine.js';
import type { AudioMember, ModelRole } from './protocol.js';

/** The models that the pool scores with from now on; changed between batches, never within one. */
export type ModelsInUse = Record<ModelRole, ModelFiles | undefined>;

export function nameOf({ manifest: { name, version } }: ModelFiles): ModelName {
  return { name, version };
}

/**
 * A member that scores with the model in use at the moment when the batch reaches it: before a batch it loads what it does not have
 * yet. A batch is one task of one member, so no batch mixes two models; and since members look at the same place when a batch
 * starts, none that starts later is scored by an older model than one that started before.
 *
 * @param loaded what the member was started with
 */
export function withModels(
  member: AudioMember,
  loaded: ModelsInUse,
  inUse: Readonly<ModelsInUse>,
  loadTimeoutMs: number,
): AudioMember {
  return {
    ...member,
    async run(task, timeoutMs) {
      const wanted = task.kind === 'score' ? inUse[task.by] : undefined;
      if (task.kind === 'score' && wanted && wanted.revision !== loaded[task.by]?.revision) {
        const end = await member.run({ kind: 'load', by: task.by, files: wanted }, loadTimeoutMs);
        if (end.kind !== 'done') return end;
        loaded[task.by] = wanted;
      }
      return member.run(task, timeoutMs);
    },
  };
}
