import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ConnectionPolicy } from '../../../../objects/connection-policy.js';
import { AddressRefused } from '../../../../objects/errors.js';
import { DependencyUnavailable, InvalidInput } from '../../../../platform/errors.js';
import { ownVersion } from '../../../../platform/own-version.js';
import { fullJitterMs } from '../../../../platform/time/backoff.js';
import { wait } from '../../../../platform/time/wait.js';

/** Answers are text of what was asked for. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const TRIES = 3;
const PAUSE = { baseMs: 1_000, maxMs: 10_000 };
/** Statuses that say "later". */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A service that is asked over HTTP, one request after the other tries. */
export interface AnalysisService {
  /** Names it in messages: `the transcriber`. */
  name: string;
  url: URL;
  /** Bearer token. */
  token: string | undefined;
  policy: ConnectionPolicy;
  timeoutMs: number;
  /** Between tries. Replaced in tests. */
  pause?: typeof PAUSE;
}

export interface ServiceRequest {
  contentType: string;
  body: Uint8Array;
}

/**
 * Posts, and reads the JSON of an answer of at most 4 MB; a service that is not there, or answers "later", is asked three times.
 * Redirects are not followed: what is said in an interview goes to the configured service alone.
 *
 * @throws DependencyUnavailable, InvalidInput (it refuses for good, or answers no JSON), AddressRefused; none quotes an address or
 *   what was sent
 * @throws the signal's reason when it aborts
 */
export async function askService(
  service: AnalysisService,
  request: ServiceRequest,
  signal?: AbortSignal,
): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await askOnce(service, request, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DependencyUnavailable) || attempt + 1 >= TRIES) throw error;
    }
    await wait(fullJitterMs(attempt, service.pause ?? PAUSE), signal);
  }
}

function askOnce(service: AnalysisService, asked: ServiceRequest, signal?: AbortSignal): Promise<unknown> {
  const { name, url, token, policy, timeoutMs } = service;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      agent: policy.agentFor(url),
      headers: {
        'content-type': asked.contentType,
        'content-length': String(asked.body.byteLength),
        accept: 'application/json',
        'user-agent': `vachan/${ownVersion()}`,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    const fail = (error: Error): void => {
      reject(error);
      request.destroy();
    };
    const timer = setTimeout(
      () => fail(new DependencyUnavailable(`${name} gave no whole answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const onAbort = (): void => fail(signal?.reason as Error);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    request.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      reject(new DependencyUnavailable(`${name} ended its answer early`));
    });
    request.on('error', (error) => fail(unreachable(name, error)));
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      if (status < 200 || status > 299) {
        fail(refusal(name, status));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', (error) => fail(unreachable(name, error)));
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES)
          fail(new InvalidInput(`${name} answered more than ${MAX_ANSWER_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        } catch {
          reject(new InvalidInput(`${name} answered what is no JSON`));
        }
      });
    });
    request.end(asked.body);
  });
}

function refusal(name: string, status: number): Error {
  if (LATER.has(status)) return new DependencyUnavailable(`${name} answered ${status}`);
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  return new InvalidInput(`${name} answered ${status}${redirect}`);
}

/** The socket's code; its text may quote an address. */
function unreachable(name: string, error: Error): Error {
  if (error instanceof AddressRefused) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new DependencyUnavailable(`${name} cannot be reached (${code ?? error.name})`, { cause: error });
}
