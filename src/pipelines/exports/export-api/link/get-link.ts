import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AddressRefused } from '../../../../objects/errors.js';
import { FileRefused } from '../../errors.js';
import { retryAfterMs } from '../client/retry-after.js';
import type { UsableLink } from './current-link.js';
import { LinkFailure } from './link-failure.js';
import type { LinkPolicy } from './link-policy.js';

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export interface LinkRequest {
  link: UsableLink;
  /** `Range` and its like. */
  headers: Readonly<Record<string, string>>;
  policy: LinkPolicy;
  allowedHosts: readonly string[];
}

/**
 * Asks for the bytes behind a link: 200, 206, 412 and 416 are answers, whose body is the caller's to read or to destroy.
 *
 * @throws LinkFailure when another attempt, or another link, may help
 * @throws FileRefused `link_refused` when the link, or what it redirects to, leads where nothing may be read
 */
export async function getLink(request: LinkRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { link, policy, allowedHosts } = request;
  let url = link.target;
  for (let redirects = 0; ; redirects++) {
    // What the link brings with it is for the host that it names: a bearer, for one.
    const own = url.origin === link.url.origin ? link.headers : {};
    const response = await onPolicy(async () => {
      const agent = policy.agentFor(url, allowedHosts);
      return await send(url, agent, { ...own, ...request.headers }, signal);
    });
    const { statusCode: status = 0, headers } = response;
    if (REDIRECTS.includes(status) && headers.location !== undefined) {
      discard(response);
      if (redirects === MAX_REDIRECTS) {
        throw new FileRefused('link_refused', `The link redirects more than ${MAX_REDIRECTS} times.`);
      }
      if (!URL.canParse(headers.location, url.href)) {
        throw new FileRefused('link_refused', 'The link redirects to no address.');
      }
      url = new URL(headers.location, url);
      url.hash = '';
      continue;
    }
    if (status === 200 || status === 206 || status === 412 || status === 416) {
      link.target = url;
      return response;
    }
    discard(response);
    throw failureOf(status, retryAfterMs(headers, Date.now()));
  }
}

function failureOf(status: number, after: number | undefined): LinkFailure {
  const isDown = status === 408 || status === 425 || status === 429 || status >= 500;
  return new LinkFailure(isDown ? 'down' : 'refused', `the server answers ${status}`, {
    status,
    retryAfterMs: after,
  });
}

async function onPolicy<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw new FileRefused('link_refused', `${error.message}.`, { cause: error });
  }
}

function send(
  url: URL,
  agent: ReturnType<LinkPolicy['agentFor']>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, {
      agent,
      signal,
      headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'vachan' },
    });
    request.once('response', resolve);
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (error instanceof AddressRefused) reject(error);
      else reject(new LinkFailure('down', `no answer (${error.code ?? error.name})`, { cause: error }));
    });
    request.end();
  });
}

const MAX_DISCARDED_BYTES = 16 * 1024;

/** A short refusal is read to its end, so that its connection is kept. */
export function discard(response: IncomingMessage): void {
  response.on('error', () => undefined);
  if (Number(response.headers['content-length'] ?? Infinity) <= MAX_DISCARDED_BYTES) response.resume();
  else response.destroy();
}
