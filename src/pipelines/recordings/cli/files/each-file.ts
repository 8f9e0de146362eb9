import { stat } from 'node:fs/promises';
import { AudioTooLarge } from '../../errors.js';
import { InvalidInput } from '../../../../platform/errors.js';

/** What came of one file. The error begins with its kind, as the CSV's `error` column does. */
export type FileResult<T> = { file: string; error?: never; value: T } | { file: string; error: string };

/** Does the work for every item, `width` at once, and passes the results in the items' order as they are ready. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    const begun = work(item);
    // One that fails while others are waited for is told of when it is its turn.
    begun.catch(() => undefined);
    underWay.push(begun);
    if (underWay.length >= width) yield await underWay.shift()!;
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

/** Does the work for every file, as {@link inOrder}; a file that cannot be used gives an error, and the others go on. */
export function eachFile<T>(
  files: readonly string[],
  { width, maxBytes }: { width: number; maxBytes: number },
  work: (file: string) => Promise<T>,
): AsyncGenerator<FileResult<T>> {
  return inOrder(files, width, async (file): Promise<FileResult<T>> => {
    try {
      await checkFile(file, maxBytes);
      return { file, value: await work(file) };
    } catch (error) {
      return { file, error: errorText(error) };
    }
  });
}

/** Begins with the error's kind. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** @throws InvalidInput or AudioTooLarge when a path leads to nothing that may be decoded */
export async function checkFile(file: string, maxBytes: number): Promise<void> {
  const facts = await stat(file).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new InvalidInput(code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`, { cause });
  });
  if (!facts.isFile()) throw new InvalidInput(facts.isDirectory() ? 'is a folder' : 'is not a file');
  if (facts.size > maxBytes) {
    throw new AudioTooLarge(`has ${facts.size} bytes, expected at most ${maxBytes} (AUDIO_MAX_BYTES)`);
  }
}
