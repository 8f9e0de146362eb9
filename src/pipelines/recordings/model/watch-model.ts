import { ModelInvalid } from '../../../platform/model-folder.js';
import { fingerprintOf, readModelFiles, type ModelFiles } from './model-files.js';

export interface ModelWatchOptions {
  folder: string;
  /** Time between two looks at the folder. */
  everyMs: number;
  /** What is in use. */
  current: () => ModelFiles;
  /**
   * Tries a new model and takes it into use.
   *
   * @throws ModelInvalid when it cannot be used
   */
  adopt: (files: ModelFiles) => Promise<void>;
  /** Told why a changed folder is not used; once for each state of the folder. */
  onRefused: (reason: string) => void;
}

export interface ModelWatch {
  close(): void;
}

/**
 * Looks at a model's folder now and then, and has a new version of it adopted. A folder counts only when it looked the same twice in
 * a row: one that is still being copied is left alone, not refused.
 */
export function watchModel(options: ModelWatchOptions): ModelWatch {
  let decidedOn: string | undefined;
  let seenOnce: string | undefined;
  let closed = false;
  let timer: NodeJS.Timeout;

  const look = async (): Promise<void> => {
    const seen = await fingerprintOf(options.folder);
    if (seen === decidedOn) seenOnce = undefined;
    else if (seen !== seenOnce) seenOnce = seen;
    else {
      await decide(options);
      decidedOn = seen;
    }
  };
  const lookAgainLater = (): void => {
    timer = setTimeout(() => {
      // What is no word on the model (a pool without a live member) is asked again at the next look.
      void look()
        .catch(() => undefined)
        .finally(() => {
          if (!closed) lookAgainLater();
        });
    }, options.everyMs);
    timer.unref();
  };
  lookAgainLater();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function decide({ folder, current, adopt, onRefused }: ModelWatchOptions): Promise<void> {
  try {
    const found = await readModelFiles(folder);
    const used = current();
    if (found.revision === used.revision) return;
    const { name, version } = found.manifest;
    if (name === used.manifest.name && version === used.manifest.version) {
      throw new ModelInvalid(
        `model folder ${folder} holds another model under the name in use, ${name} ${version}; a result must name what made it, so a new model needs a version of its own`,
      );
    }
    await adopt(found);
  } catch (error) {
    if (!(error instanceof ModelInvalid)) throw error;
    onRefused(error.message);
  }
}
