import { InvalidInput } from '../../../../platform/errors.js';
import { codeOf, whyOf } from '../../../../platform/files/file-errors.js';

/** A file system's error as the person's who named the file; others stay what they are. */
export function unopened(path: string, error: unknown): Error {
  if (codeOf(error) === undefined) return error as Error;
  return new InvalidInput(`${path} cannot be opened: ${whyOf(error, path)}.`, { cause: error });
}
