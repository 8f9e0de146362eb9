import { IncomingMessage } from 'node:http';
import { DependencyUnavailable } from '../../platform/errors.js';
import { wait } from '../../platform/time/wait.js';
import { within } from '../../platform/time/within.js';
import { AttemptFailed } from '../download/attempt-failed.js';
import { backoffMs } from '../download/backoff.js';
import { parseContentRange } from '../download/object-source.js';
import type { ByteRange, ObjectRef, ObjectStore } from './object-store.js';
import type { StoreAnswer } from './exchange.js';
import { readDocument } from './refusal.js';
import type { RequestLimits, Requests } from './requests.js';
import { nameOf, type StoreRequest } from './store-request.js';

/** Reads parts of objects. */
export function createRanges(
  requests: Requests,
  limits: RequestLimits,
): Pick<ObjectStore, 'read' | 'stream'> {
  return {
    async read(object, range, signal) {
      const length = range.end - range.start;
      if (length === 0) return Buffer.alloc(0);
      return requests.send(
        { ...rangeRequest(object, range), answerBytes: length },
        async (response, clock) => {
          checkRange(asStream(response), range);
          const bytes = await readDocument(response, clock, length);
          if (bytes.length !== length) {
            throw new AttemptFailed('cut', `it ended after ${bytes.length} of ${length} bytes`);
          }
          return bytes;
        },
        signal,
      );
    },
    async *stream(object, range, signal) {
      let start = range.start;
      for (let failures = 0; start < range.end;) {
        const before = start;
        try {
          const rest = { ...range, start };
          for await (const chunk of open(requests, limits, object, rest, signal)) {
            start += chunk.length;
            yield chunk;
          }
        } catch (error) {
          if (!(error instanceof AttemptFailed)) throw error;
          // An attempt that moved on is none that failed.
          failures = start > before ? 1 : failures + 1;
          if (failures > limits.maxRetries) {
            throw new DependencyUnavailable(
              `S3 could not hand over ${nameOf(object)} in ${failures} attempts, at last: ${error.message}`,
              { cause: error },
            );
          }
          await wait(backoffMs(error, failures - 1, limits.backoffBaseMs, Math.random), signal);
        }
      }
    },
  };
}

/** One connection's worth of a stream. @throws AttemptFailed when it breaks off or falls silent */
async function* open(
  requests: Requests,
  { silenceTimeoutMs }: RequestLimits,
  object: ObjectRef,
  range: ByteRange,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const response = await requests.send(
    rangeRequest(object, range),
    (answer) => {
      const stream = asStream(answer);
      checkRange(stream, range);
      return Promise.resolve(stream);
    },
    signal,
  );
  const onAbort = (): void => void response.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]() as AsyncIterator<
    Buffer,
    undefined
  >;
  const silent = (): never => {
    throw new AttemptFailed('timeout', `no data within ${silenceTimeoutMs / 1000} s`);
  };
  let rest = range.end - range.start;
  try {
    while (rest > 0) {
      // The time that the receiver takes between two chunks is its own.
      const next = await within(silenceTimeoutMs, chunks.next(), silent);
      if (next.done === true) throw new AttemptFailed('cut', `it ended ${rest} bytes early`);
      const chunk = next.value;
      rest -= chunk.length;
      if (rest < 0) throw new AttemptFailed('changed', 'the store sent more than the range');
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (error instanceof AttemptFailed) throw error;
    throw new AttemptFailed('cut', 'the connection dropped', undefined, { cause: error });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!response.readableEnded) response.destroy();
  }
}

function rangeRequest(object: ObjectRef, { start, end, ifMatch }: ByteRange): StoreRequest {
  return {
    action: 'read',
    method: 'GET',
    ...object,
    headers: { range: `bytes=${start}-${end - 1}`, ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
  };
}

function asStream(answer: StoreAnswer): IncomingMessage {
  if (answer instanceof IncomingMessage) return answer;
  throw new TypeError('The answer to a request without bytes comes as a stream.');
}

/** @throws AttemptFailed when it is not the range that was asked for */
function checkRange(response: IncomingMessage, { start, end }: ByteRange): void {
  const range = parseContentRange(response.headers['content-range']);
  const isRange = response.statusCode === 206 && range?.startsAt === start;
  const isWhole =
    response.statusCode === 200 && start === 0 && Number(response.headers['content-length']) === end;
  if (isRange || isWhole) return;
  response.destroy();
  throw new AttemptFailed('changed', 'the store sent another range than was asked for');
}
