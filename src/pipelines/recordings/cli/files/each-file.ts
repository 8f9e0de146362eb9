import { stat } from 'node:fs/promises';
import { AudioTooLarge } from '../../errors.js';
import { InvalidInput } from '../../../../platform/errors.js';

/** What came of one file. The error begins with its kind, as the CSV's `error` column does. */
export type FileResult<T> = { file: string; error?: never; value: T } | { file: string; error: string };

/** Does the work for every file, `width` at once, and passes the results in the files' order as they are ready. */
export async function* eachFile<T>(
  files: readonly string[],
  { width, maxBytes }: { width: number; maxBytes: number },
  work: (file: string) => Promise<T>,
): AsyncGenerator<FileResult<T>> {
  const underWay: Promise<FileResult<T>>[] = [];
  const attempt = async (file: string): Promise<FileResult<T>> => {
    try {
      await checkFile(file, maxBytes);
      return { file, value: await work(file) };
    } catch (error) {
      return { file, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
  };
  for (const file of files) {
    underWay.push(attempt(file));
    if (underWay.length >= width) yield await underWay.shift()!;
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

async function checkFile(file: string, maxBytes: number): Promise<void> {
  const facts = await stat(file).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new InvalidInput(code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`, { cause });
  });
  if (!facts.isFile()) throw new InvalidInput(facts.isDirectory() ? 'is a folder' : 'is not a file');
  if (facts.size > maxBytes) {
    throw new AudioTooLarge(`has ${facts.size} bytes, expected at most ${maxBytes} (AUDIO_MAX_BYTES)`);
  }
}
