import { open, stat, type FileHandle } from 'node:fs/promises';
import { InvalidInput } from '../../../platform/errors.js';
import type { RandomAccess } from './random-access.js';

const CHUNK_BYTES = 1024 * 1024;

/** A file of this machine. @throws InvalidInput when it cannot be read, or is no regular file */
export async function fileAccess(path: string): Promise<RandomAccess> {
  // Before it is opened: a pipe would be waited for until somebody writes into it.
  if (!(await onFile(path, () => stat(path))).isFile()) {
    throw new InvalidInput(`${path} is not a regular file.`);
  }
  const file = await onFile(path, () => open(path, 'r'));
  const { size } = await file.stat();
  return {
    size,
    read: (start, end, signal) => readExactly(file, start, end, signal),
    async *stream(start, end, signal) {
      for (let at = start; at < end; at += CHUNK_BYTES) {
        yield await readExactly(file, at, Math.min(end, at + CHUNK_BYTES), signal);
      }
    },
    close: () => file.close(),
  };
}

async function onFile<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InvalidInput(`${path} cannot be read: ${why}.`, { cause: error });
  }
}

async function readExactly(
  file: FileHandle,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  signal?.throwIfAborted();
  const buffer = Buffer.allocUnsafe(end - start);
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) throw new InvalidInput('The file became shorter while it was read.');
    filled += bytesRead;
  }
  return buffer;
}
