import { dirname } from 'node:path';
import { printable } from '../text/printable.js';

/** Of a path in a message. */
const PATH_CHARACTERS = 200;

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
  EIO: 'the disk has failed',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  ENOTEMPTY: 'it is a folder that holds something',
  EEXIST: 'it is a folder that holds something',
  ENAMETOOLONG: 'its name is too long',
  // One that a container has mounted by itself cannot be renamed over.
  EBUSY: 'it is mounted by itself, so it cannot be replaced: mount its folder',
};

/** The code of an error of the file system's, or of whatever else has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Why the file system refuses a path, in words where people have some, else its code. */
export function whyOf(error: unknown, path: string): string {
  const code = codeOf(error) ?? 'unknown error';
  if (code === 'ENOENT') return `there is no folder ${shownPath(dirname(path))}`;
  return IN_WORDS[code] ?? code;
}

export const shownPath = (path: string): string => printable(path, PATH_CHARACTERS);
