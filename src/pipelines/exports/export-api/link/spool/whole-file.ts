import type { IncomingMessage } from 'node:http';
import type { ListedFile } from '../../../contract/listed-file.js';
import { contentRange } from '../content-range.js';
import { LinkFailure } from '../link-failure.js';
import { askedBytes, createTries, type Download, type LinkOptions } from '../ranged-link.js';
import { createContentCheck, type ContentCheck } from './content-check.js';

/** Where a whole file goes, once. */
export interface Sink<T> {
  write(chunk: Buffer): Promise<void>;
  /** @returns how it is read */
  finish(check: ContentCheck): Promise<T>;
  /** Leaves nothing of an attempt that broke off. */
  discard(): Promise<void>;
}

/**
 * Downloads a file from its first byte to its last. Without ranges that can be trusted, an attempt that breaks off begins again.
 *
 * @param open makes the place of one attempt; the size is undefined where the server does not state it
 * @throws FileRefused, DependencyUnavailable, ApiUnavailable
 */
export async function downloadWhole<T>(
  options: LinkOptions,
  download: Download,
  file: ListedFile,
  open: (size: number | undefined) => Promise<Sink<T>>,
  signal: AbortSignal,
): Promise<T> {
  const tries = createTries(options);
  for (;;) {
    let sink: Sink<T> | undefined;
    let size: number | undefined;
    const check = createContentCheck(file);
    try {
      const body = askedBytes(options, download, {}, signal, (response) => {
        size = statedSize(response);
        return size ?? Infinity;
      });
      for await (const chunk of body) {
        sink ??= await open(size);
        check.update(chunk);
        await sink.write(chunk);
      }
      sink ??= await open(size);
      await check.holdAgainstListing();
      return await sink.finish(check);
    } catch (error) {
      await sink?.discard();
      await tries.failed(error, signal);
    }
  }
}

function statedSize({ statusCode: status, headers }: IncomingMessage): number | undefined {
  const range = contentRange(headers['content-range']);
  // Some servers call the whole a range of all of it.
  if (status === 206 && range?.start === 0 && range.end === range.size) return range.size;
  if (status !== 200)
    throw new LinkFailure('range', `the server answers ${status} where the whole was asked for`);
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
