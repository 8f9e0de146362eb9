import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DependencyUnavailable } from '../errors.js';
import { codeOf, shownPath, whyOf } from './file-errors.js';

/**
 * Thrown when something could not be written. What was in its place is as it was, and nothing lies beside it; but where a disk fails in
 * the flush of the folder, the new one is there and may not outlive a crash.
 */
export class NotWritten extends DependencyUnavailable {
  constructor(
    path: string,
    /** In words: `the disk is full`. */
    readonly why: string,
    options?: ErrorOptions,
  ) {
    super(`${shownPath(path)} cannot be written: ${why}.`, options);
  }
}

/** Of a name, so that it fits with what is added to it: file systems take 255 bytes, and a letter has up to three. */
const NAME_CHARACTERS = 40;

/**
 * Puts a file or a folder in its place, so that there is at every moment what was there before or all of the new one: a killed process, a full disk and a
 * machine that loses its power leave no half. It is filled beside its place, renamed, and the rename flushed. When this
 * returns, it outlives a crash of the machine, if `fill` has flushed what it wrote.
 *
 * @param fill writes it at the path that it is given, where nothing is; {@link writeFlushed} does
 * @param unfinished that path, for a caller who alone may write there: what a killed process left of it is removed. Without it, a new name
 *   beside `path` each time
 * @throws NotWritten when the file system refuses; what else `fill` throws comes through
 */
export async function replaceWhole(
  path: string,
  fill: (unfinished: string) => Promise<void>,
  unfinished = join(
    dirname(path),
    `${basename(path).slice(0, NAME_CHARACTERS)}.${randomBytes(6).toString('hex')}.part`,
  ),
): Promise<void> {
  try {
    await rm(unfinished, { recursive: true, force: true });
    await fill(unfinished);
    await rename(unfinished, path);
  } catch (error) {
    // The first error says more.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw refused(path, error);
  }
  await flushFolder(dirname(path)).catch((error: unknown) => {
    throw refused(path, error);
  });
}

/**
 * Replaces a file, or begins one. A link stays one: what it leads to is replaced.
 *
 * @param mode of the new one
 * @param unfinished as {@link replaceWhole} takes it
 * @throws NotWritten when the file system refuses, or what is there is no regular file, such as `/dev/stdout`
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
  unfinished?: string,
): Promise<void> {
  const place = await placeOf(path);
  await replaceWhole(place, (at) => writeFlushed(at, content, mode), unfinished);
}

/** Writes a new file and flushes it. */
export async function writeFlushed(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What file systems answer that do not flush folders; they have their own ways. */
const NO_FLUSH = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EBADF', 'ENOSYS'];

/** Makes durable what a folder holds: a file that is flushed in one that is not may be lost by name. */
export async function flushFolder(path: string): Promise<void> {
  let folder;
  try {
    folder = await open(path, 'r');
  } catch (error) {
    // Somebody may write into a folder that they may not read; what is in it is in its place all the same.
    if (codeOf(error) === 'EACCES') return;
    throw error;
  }
  try {
    await folder.sync();
  } catch (error) {
    if (!NO_FLUSH.includes(codeOf(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

async function placeOf(path: string): Promise<string> {
  try {
    const place = await realpath(path);
    const found = await stat(place);
    if (found.isFile()) return place;
    throw new NotWritten(path, found.isDirectory() ? 'it is a folder' : 'it is no regular file');
  } catch (error) {
    // A new one.
    if (codeOf(error) === 'ENOENT') return path;
    throw refused(path, error);
  }
}

function refused(path: string, error: unknown): unknown {
  const { syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? error : new NotWritten(path, whyOf(error, path), { cause: error });
}
