import type { FileHandle } from 'node:fs/promises';
import { AudioTooLarge } from '../../platform/errors.js';
import { AttemptFailed } from './attempt-failed.js';
import type { AttemptClock } from './attempt-clock.js';
import type { OpenedBody } from './audio-source.js';

/** What is on disk of an object, and whose bytes they are. */
export interface Progress {
  receivedBytes: number;
  etag: string | undefined;
}

/**
 * Streams a body to a file, counting; `progress` is right at every moment, so that the next attempt can go on from it.
 *
 * @throws AudioTooLarge as soon as the limit is passed, or stated to be
 * @throws AttemptFailed when it ends early, falls silent or takes too long
 */
export async function writeBody(
  opened: OpenedBody,
  file: FileHandle,
  progress: Progress,
  maxBytes: number,
  clock: AttemptClock,
): Promise<void> {
  const { body, startsAt, totalBytes } = opened;
  // An abort may come while nothing reads the body yet; the reason is thrown from here, not from the event.
  body.on('error', () => undefined);
  const onAbort = (): void => void body.destroy(clock.signal.reason as Error);
  clock.signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (clock.signal.aborted) throw clock.signal.reason;
    checkSize(totalBytes ?? 0, maxBytes);
    if (startsAt > progress.receivedBytes) throw new AttemptFailed('changed', 'the server skipped bytes');
    if (startsAt === 0) await file.truncate(0);
    progress.receivedBytes = startsAt;
    progress.etag = opened.etag;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      clock.heard();
      checkSize(progress.receivedBytes + chunk.length, maxBytes);
      await writeAll(file, chunk, progress.receivedBytes);
      progress.receivedBytes += chunk.length;
    }
  } catch (error) {
    if (clock.signal.aborted) throw clock.signal.reason;
    if (error instanceof AttemptFailed || error instanceof AudioTooLarge || isDiskError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AttemptFailed('cut', `the connection dropped (${why})`, undefined, { cause: error });
  } finally {
    clock.signal.removeEventListener('abort', onAbort);
    body.destroy();
  }
  if (totalBytes !== undefined && progress.receivedBytes !== totalBytes) {
    throw new AttemptFailed('cut', `it ended after ${progress.receivedBytes} of ${totalBytes} bytes`);
  }
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes)
    throw new AudioTooLarge(`Audio has at least ${bytes} bytes, the limit is ${maxBytes}`);
}

async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

/** A full disk is not the store's fault, and another attempt would not help. */
function isDiskError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code === 'EIO' || code === 'EROFS';
}
