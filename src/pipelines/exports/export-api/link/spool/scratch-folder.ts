import { prepareScratch, type Scratch } from '../../../../../platform/scratch/scratch.js';

/** The process's scratch folder, made when the first file needs it: most never do. */
export interface ScratchFolder {
  path(): Promise<string>;
  remove(): Promise<void>;
}

export function createScratchFolder(configuredPath: string | undefined): ScratchFolder {
  let prepared: Promise<Scratch> | undefined;
  return {
    async path() {
      // One that cannot be made now is tried again for the next file.
      prepared ??= prepareScratch(configuredPath).catch((error: unknown) => {
        prepared = undefined;
        throw error;
      });
      return (await prepared).path;
    },
    remove: async () => (await prepared)?.remove(),
  };
}
