import type { FileHandle } from 'node:fs/promises';
import { ObjectTooLarge } from '../errors.js';
import { AttemptFailed } from './attempt-failed.js';
import type { AttemptClock } from './attempt-clock.js';
import type { OpenedBody } from './object-source.js';

/** What is on disk of an object, and whose bytes they are. */
export interface Progress {
  receivedBytes: number;
  etag: string | undefined;
  contentEncoding: string | undefined;
}

/**
 * Written at once: a body comes in pieces of 64 KB and less, and each write costs a thread's turn. With sixteen downloads at a time these
 * are some 16 MB.
 */
const WRITE_BYTES = 1024 * 1024;

/**
 * Streams a body to a file, counting; `progress` is right whenever this has ended, so that the next attempt can go on from it.
 *
 * @throws ObjectTooLarge as soon as the limit is passed, or stated to be
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
  const onAbort = (): void => void body.destroy(clock.signal.reason as Error);
  clock.signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (clock.signal.aborted) throw clock.signal.reason;
    checkSize(totalBytes ?? 0, maxBytes);
    if (startsAt > progress.receivedBytes) throw new AttemptFailed('changed', 'the server skipped bytes');
    if (startsAt === 0 && progress.receivedBytes > 0) await file.truncate(0);
    progress.receivedBytes = startsAt;
    progress.etag = opened.etag;
    // A part need not say again what the first answer said of the whole.
    if (startsAt === 0 || opened.contentEncoding !== undefined)
      progress.contentEncoding = opened.contentEncoding;
    await copy(opened, file, progress, maxBytes, clock);
  } catch (error) {
    if (clock.signal.aborted) throw clock.signal.reason;
    if (error instanceof AttemptFailed || error instanceof ObjectTooLarge || isDiskError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    // The S3 client's words, which has no name for it. What is on disk is of no use to the next attempt.
    if (why.startsWith('Checksum mismatch')) throw notAsStated();
    throw new AttemptFailed('cut', `the connection dropped (${why})`, undefined, { cause: error });
  } finally {
    clock.signal.removeEventListener('abort', onAbort);
    body.destroy();
  }
  if (totalBytes !== undefined && progress.receivedBytes !== totalBytes) {
    throw new AttemptFailed('cut', `it ended after ${progress.receivedBytes} of ${totalBytes} bytes`);
  }
  if (opened.checksum !== undefined && !(await opened.checksum.isRight())) throw notAsStated();
}

function notAsStated(): AttemptFailed {
  return new AttemptFailed('changed', 'it is not what its checksum says');
}

/** What came before a body broke off is written too. */
async function copy(
  { body, lendsPieces, checksum }: OpenedBody,
  file: FileHandle,
  progress: Progress,
  maxBytes: number,
  clock: AttemptClock,
): Promise<void> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const flush = async (): Promise<void> => {
    const chunks = waiting;
    waiting = [];
    await writeAll(file, chunks, progress.receivedBytes);
    progress.receivedBytes += waitingBytes;
    waitingBytes = 0;
  };
  try {
    for await (const chunk of body) {
      clock.heard();
      checksum?.update(chunk);
      checkSize(progress.receivedBytes + waitingBytes + chunk.length, maxBytes);
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes >= WRITE_BYTES || lendsPieces === true) await flush();
    }
  } finally {
    if (waiting.length > 0) await flush();
  }
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes)
    throw new ObjectTooLarge(`Content has at least ${bytes} bytes, the limit is ${maxBytes}`);
}

async function writeAll(file: FileHandle, chunks: readonly Buffer[], position: number): Promise<void> {
  let { bytesWritten: written } = await file.writev(chunks, position);
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  // A disk that is nearly full takes a part; the next write says why.
  for (const rest = written < total ? Buffer.concat(chunks) : undefined; rest && written < total;) {
    const { bytesWritten } = await file.write(rest, written, total - written, position + written);
    written += bytesWritten;
  }
}

/** A full disk is not the store's fault, and another attempt would not help. */
function isDiskError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code === 'EIO' || code === 'EROFS';
}
