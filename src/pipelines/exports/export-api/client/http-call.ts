import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ApiAnswerInvalid } from '../../errors.js';
import { answerText, MAX_ANSWER_BYTES, tooLarge } from './answer-text.js';
import { ApiFault } from './api-faults.js';

export interface HttpCall {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Makes calls whose answers are small documents, over connections that are kept. */
export interface HttpCaller {
  /**
   * Answers with whatever status came; redirects are not followed.
   *
   * @throws ApiFault when there is no answer, not in time, or not a whole one
   * @throws ApiAnswerInvalid when it is larger than any answer should be
   * @throws the signal's reason when it aborts
   */
  call(call: HttpCall, signal?: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

export interface HttpCallerOptions {
  /** Of a call, from its start to the last byte of its answer. */
  timeoutMs: number;
  /** Certificate authorities besides the system's; tests have their own. */
  extraCa?: string | undefined;
}

/** Longer than servers keep them by default (Node: 5 s) would find them closed; a call's slot is worth more than a handshake. */
const IDLE_MS = 4_000;

export function createHttpCaller({ timeoutMs, extraCa }: HttpCallerOptions): HttpCaller {
  const http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  const https = new HttpsAgent({
    keepAlive: true,
    timeout: IDLE_MS,
    ...(extraCa !== undefined && { ca: extraCa }),
  });
  const callOnce = (call: HttpCall, signal: AbortSignal | undefined): Promise<HttpAnswer> =>
    withTimeLimit(timeoutMs, signal, (limited) =>
      exchange(call, call.url.protocol === 'https:' ? https : http, limited),
    );
  return {
    async call(call, signal) {
      signal?.throwIfAborted();
      try {
        return await callOnce(call, signal);
      } catch (error) {
        // The server closed a kept connection just as it was taken: nothing was asked yet.
        if (!(error instanceof StaleConnection)) throw error;
        return await callOnce(call, signal);
      }
    },
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}

class StaleConnection extends ApiFault {}

async function withTimeLimit<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  run: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = new ApiFault(`no whole answer within ${timeoutMs / 1000} s`);
  const timer = setTimeout(() => controller.abort(late), timeoutMs);
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await run(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function exchange(
  { method, url, headers, body }: HttpCall,
  agent: HttpAgent | HttpsAgent,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      agent,
      signal,
    });
    let answered = false;
    const fail = (error: Error): void => {
      const stale = request.reusedSocket && !answered && codeOf(error) === 'ECONNRESET';
      const Fault = stale ? StaleConnection : ApiFault;
      reject(
        error instanceof ApiAnswerInvalid
          ? error
          : new Fault(whyNoAnswer(error), undefined, { cause: error }),
      );
    };
    request.on('error', fail);
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
        else response.destroy(tooLarge());
      });
      response.on('error', fail);
      response.on('end', () => {
        answerText(Buffer.concat(chunks), response.headers['content-encoding']).then(
          (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          reject,
        );
      });
    });
    request.end(body);
  });
}

/** The code of the socket's error; its text may quote an address. */
function whyNoAnswer(error: Error): string {
  const code = codeOf(error);
  return code === 'ECONNRESET' ? 'the connection dropped (ECONNRESET)' : `no answer (${code ?? error.name})`;
}

const codeOf = (error: Error): string | undefined => {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : undefined;
};
