import { InvalidInput } from '../../../../platform/errors.js';

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOENT: 'its folder is gone',
};

/** The code of a file system's or a lock's error. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

export function whyOf(error: unknown): string {
  const code = codeOf(error) ?? 'unknown error';
  return IN_WORDS[code] ?? code;
}

/** A file system's error as the person's who named the file; others stay what they are. */
export function unopened(path: string, error: unknown): Error {
  if (codeOf(error) === undefined) return error as Error;
  return new InvalidInput(`${path} cannot be opened: ${whyOf(error)}.`, { cause: error });
}
