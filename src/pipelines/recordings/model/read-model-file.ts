import { ModelInvalid } from '../errors.js';
import { readBoundedFile } from '../../../platform/bounded-file.js';

/** Names of features, hashes and the statistics of the training: a hundred of ours. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Every process that scores holds both artefacts. */
export const MAX_ARTEFACT_BYTES = 512 * 1024 * 1024;

/**
 * Reads one file of a model, which somebody may have put a pipe or a device in place of.
 *
 * @param what begins the message, e.g. `model artefact`
 * @throws ModelInvalid when there is none, it is no regular file, or it is larger
 */
export function readModelFile(what: string, path: string, maxBytes: number): Buffer {
  let read: ReturnType<typeof readBoundedFile>;
  try {
    read = readBoundedFile(path, maxBytes);
  } catch (cause) {
    throw new ModelInvalid(`${what} ${path} cannot be read`, { cause });
  }
  if ('refused' in read) throw new ModelInvalid(`${what} ${path} cannot be read: ${read.refused}`);
  return read;
}
