import { request as httpRequest, type Agent as HttpAgent } from 'node:http';
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https';
import { parseRetryAfter } from '../objects/download/backoff.js';
import { AddressRefused } from '../objects/errors.js';

/** What a receiver says is of no use here; a body that is longer costs its connection. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface PostOptions {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
  agent: HttpAgent | HttpsAgent;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  /** Of `Retry-After`. */
  retryAfterSeconds?: number;
}

/** Thrown where no answer came; the message holds no address. */
export class NoAnswer extends Error {}

/**
 * Posts once, and takes the answer's head for the answer: what follows it is dropped. Redirects are not followed, since the
 * body is for the configured receiver alone.
 *
 * @throws NoAnswer
 * @throws the signal's reason when it aborts
 */
export async function post(options: PostOptions): Promise<Answer> {
  try {
    return await postOnce(options);
  } catch (error) {
    // The receiver closed a kept connection just as it was taken: nothing was said yet.
    if (!(error instanceof StaleConnection)) throw error;
    return await postOnce(options);
  }
}

class StaleConnection extends NoAnswer {}

function postOnce({ url, headers, body, agent, timeoutMs, signal }: PostOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = String(Buffer.byteLength(body));
    const request = send(url, { method: 'POST', headers: { ...headers, 'content-length': length }, agent });
    const late = new NoAnswer(`no answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => request.destroy(late), timeoutMs);
    const onAbort = (): void => void request.destroy(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    request.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
    request.on('error', (error) =>
      // Where the signal aborts, it is that signal's reason which destroys the request.
      reject(signal?.aborted === true ? error : noAnswer(error, request.reusedSocket)),
    );
    request.on('response', (response) => {
      const asked = parseRetryAfter(response.headers['retry-after'], Date.now());
      resolve({
        status: response.statusCode ?? 0,
        ...(asked !== undefined && { retryAfterSeconds: asked / 1000 }),
      });
      let bytes = 0;
      response.on('error', () => undefined);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy();
      });
    });
    request.end(body);
  });
}

/** The code of the socket's error; its text may quote an address. */
function noAnswer(error: Error, reused: boolean): Error {
  if (error instanceof NoAnswer || error instanceof AddressRefused) return error;
  const { code } = error as NodeJS.ErrnoException;
  const why = typeof code === 'string' ? code : error.name;
  const Fault = reused && code === 'ECONNRESET' ? StaleConnection : NoAnswer;
  return new Fault(`no answer (${why})`, { cause: error });
}
