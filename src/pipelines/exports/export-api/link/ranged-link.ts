import type { IncomingMessage } from 'node:http';
import { fullJitterMs } from '../../../../platform/time/backoff.js';
import { wait } from '../../../../platform/time/wait.js';
import type { RandomAccess } from '../../archive/random-access.js';
import { ApiUnavailable } from '../../errors.js';
import { checkedEnd, type Version } from './content-range.js';
import type { CurrentLink } from './current-link.js';
import { discard, getLink } from './get-link.js';
import { givenUp, LinkFailure } from './link-failure.js';
import type { LinkPolicy } from './link-policy.js';
import { startStallWatch } from './stall-watch.js';

/** What all downloads of a process have in common. */
export interface LinkOptions {
  policy: LinkPolicy;
  /** Time without bytes after which an attempt is given up. */
  stallMs: number;
  /** Attempts after the first that gain next to nothing. */
  maxRetries: number;
  random?: () => number;
}

/** One file's bytes, as they are asked for. */
export interface Download {
  link: CurrentLink;
  /** Of the source. */
  allowedHosts: readonly string[];
  /** Told of all bytes that come. */
  onBytes: (bytes: number) => void;
}

/** The last bytes of a file, which came with the answer that told its size. */
export interface Tail {
  start: number;
  bytes: Buffer;
}

/** A file whose server has ranges and a strong ETag: read anywhere, over as many links as it takes. */
export function createRangedLink(
  options: LinkOptions,
  download: Download,
  version: Version,
  tail: Tail | undefined,
): RandomAccess {
  const fromTail = (start: number, end: number): Buffer | undefined =>
    tail !== undefined && start >= tail.start
      ? tail.bytes.subarray(start - tail.start, end - tail.start)
      : undefined;
  const access: RandomAccess = {
    size: version.size,
    async read(start, end, signal) {
      const kept = fromTail(start, end);
      if (kept !== undefined) return kept;
      const bytes = Buffer.allocUnsafe(end - start);
      let filled = 0;
      for await (const chunk of access.stream(start, end, signal)) filled += chunk.copy(bytes, filled);
      return bytes;
    },
    async *stream(start, end, signal = NEVER) {
      const kept = fromTail(start, end);
      if (kept !== undefined) {
        if (kept.length > 0) yield kept;
        return;
      }
      const tries = createTries(options);
      for (let at = start; at < end;) {
        signal.throwIfAborted();
        const before = at;
        try {
          for await (const chunk of attempt(options, download, version, { start: at, end }, signal)) {
            at += chunk.length;
            yield chunk;
          }
          if (at < end && at - before < LEAST_RANGE_BYTES) {
            throw new LinkFailure(
              'range',
              `the server sends ${at - before} bytes of a range of ${end - before}`,
            );
          }
          tries.moved(at - before);
        } catch (error) {
          tries.moved(at - before);
          await tries.failed(error, signal);
        }
      }
    },
    close: () => Promise.resolve(),
  };
  return access;
}

const NEVER = new AbortController().signal;

/** Counts attempts that gain nothing, and waits between them. */
export interface Tries {
  moved(bytes: number): void;
  /** Resolves when it is time for another attempt. @throws the error, or what so many of them mean */
  failed(error: unknown, signal: AbortSignal): Promise<void>;
}

/** Of an answer that is shorter than its range: with less, a file would take more requests than anybody waits for. */
const LEAST_RANGE_BYTES = 1024;
/** Less is no progress: a server that sends a byte before each cut would be asked for ever. */
const PROGRESS_BYTES = 64 * 1024;
/** Fresh links that are refused in a row: the file is not to be had. */
const MOST_REFUSALS = 3;
const BACKOFF = { baseMs: 500, maxMs: 30_000 } as const;

export function createTries({ maxRetries, random = Math.random }: LinkOptions): Tries {
  let failures = 0;
  let refusals = 0;
  return {
    moved(bytes) {
      if (bytes > 0) refusals = 0;
      if (bytes >= PROGRESS_BYTES) failures = 0;
    },
    async failed(error, signal) {
      const mayHelp = error instanceof LinkFailure || error instanceof ApiUnavailable;
      if (!mayHelp || signal.aborted) throw error;
      failures++;
      if (error instanceof LinkFailure) {
        if (error.kind === 'refused') refusals++;
        if (failures > maxRetries || refusals >= MOST_REFUSALS) throw givenUp(error, failures);
        // A fresh link is what was missing.
        if (error.kind === 'refused' && refusals === 1) return;
      } else if (failures > maxRetries) throw error;
      await wait(Math.max(fullJitterMs(failures - 1, BACKOFF, random), error.retryAfterMs ?? 0), signal);
    },
  };
}

async function* attempt(
  options: LinkOptions,
  download: Download,
  version: Version,
  range: { start: number; end: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const headers = { range: `bytes=${range.start}-${range.end - 1}`, 'if-range': version.etag };
  yield* askedBytes(options, download, headers, signal, (response) => {
    return checkedEnd(response, range, version) - range.start;
  });
}

/**
 * One request, and the bytes of its answer as far as they are wanted.
 *
 * @param wanted looks at the answer, and says how many of its bytes are
 * @throws LinkFailure `down` when fewer come, after those that came
 */
export async function* askedBytes(
  { policy, stallMs }: LinkOptions,
  { link, allowedHosts, onBytes }: Download,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  wanted: (response: IncomingMessage) => number,
): AsyncGenerator<Buffer, void, undefined> {
  const usable = await link.get(signal);
  const watch = startStallWatch(stallMs, signal);
  let response: IncomingMessage | undefined;
  try {
    response = await getLink({ link: usable, headers, policy, allowedHosts }, watch.signal);
    let left = wanted(response);
    if (left === 0) return;
    let rest = Number(response.headers['content-length'] ?? Infinity);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      watch.came(chunk.length);
      onBytes(chunk.length);
      rest -= chunk.length;
      const bytes = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= bytes.length;
      if (bytes.length > 0) yield bytes;
      // To the answer's own end, where it is this one: left before, the connection could not be kept.
      if (left === 0 && rest > 0) return;
      watch.waits();
    }
    if (left > 0 && left !== Infinity) throw new LinkFailure('down', `the body ends ${left} bytes early`);
  } catch (error) {
    if (error instanceof LinkFailure && error.kind === 'refused') link.refused(usable);
    if (watch.signal.aborted) throw watch.signal.reason;
    throw response === undefined ? error : cutOff(error);
  } finally {
    watch.stop();
    if (response?.readableEnded === false) discard(response);
  }
}

/** A body that breaks off is the socket's error, known by its code. */
function cutOff(error: unknown): unknown {
  const { code } = Object(error) as { code?: unknown };
  if (typeof code !== 'string') return error;
  return new LinkFailure('down', `the connection dropped (${code})`, { cause: error });
}
