import { InvalidInput } from '../platform/errors.js';
import { NotWritten, replaceFile } from '../platform/files/replace-whole.js';

/** Its owner's only: it may be about a person. */
const FILE_MODE = 0o600;

/**
 * Writes a file that is whole whenever it is there.
 *
 * @param option that named it
 * @throws InvalidInput where it cannot be written; one that was there is as it was
 */
export async function writeWhole(option: string, path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text, FILE_MODE);
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    throw new InvalidInput(`${option}: ${error.message}`, { cause: error });
  }
}
