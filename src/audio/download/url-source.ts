import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import { AudioLocationRefused } from '../../platform/errors.js';
import { AttemptFailed } from './attempt-failed.js';
import type { AttemptClock } from './attempt-clock.js';
import type { AudioSource, ResumeFrom } from './audio-source.js';
import { errorForStatus, parseContentRange, strongEtag } from './audio-source.js';
import { parseRetryAfter } from './backoff.js';
import type { AddressRules } from './pinned-address.js';
import { createAddressPins } from './pinned-address.js';

const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export interface UrlSourceOptions {
  rules: AddressRules;
  /** Certificate authorities besides the system's; tests have their own. */
  extraCa?: string | undefined;
}

/**
 * Reads an address by a plain GET over a connection of its own, to an address that was checked before.
 *
 * @param trusted the embedded stack's own endpoint: http and private addresses are fine, for it but not for what it
 * redirects to
 */
export function createUrlSource(
  location: { url: URL; trusted: boolean },
  name: string,
  options: UrlSourceOptions,
): AudioSource {
  const pin = createAddressPins(options.rules);
  const connectTo = async (url: URL): Promise<LookupAddress | undefined> => {
    if (location.trusted && url.origin === location.url.origin) return undefined;
    if (url.protocol !== 'https:' || url.username !== '') {
      throw new AudioLocationRefused('Audio address refused: a redirect leads to something other than https');
    }
    return pin(url.hostname);
  };
  return {
    async open(resume, clock) {
      let url = location.url;
      for (let redirects = 0; ; redirects++) {
        const address = await abortable(connectTo(url), clock.signal);
        const response = await get(url, address, resume, clock, options.extraCa);
        const target = REDIRECTS.includes(response.statusCode ?? 0) ? response.headers.location : undefined;
        if (target === undefined) return opened(response, name);
        response.destroy();
        if (redirects === MAX_REDIRECTS) {
          throw new AudioLocationRefused(`Audio address refused: more than ${MAX_REDIRECTS} redirects`);
        }
        if (!URL.canParse(target, url.href)) {
          throw new AudioLocationRefused('Audio address refused: a redirect leads to no address');
        }
        url = new URL(target, url);
      }
    },
  };
}

function opened(response: IncomingMessage, name: string) {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200 && statusCode !== 206) {
    response.destroy();
    throw errorForStatus(statusCode, name, parseRetryAfter(headers['retry-after'], Date.now()));
  }
  const range = statusCode === 206 ? parseContentRange(headers['content-range']) : undefined;
  if (statusCode === 206 && !range) {
    response.destroy();
    throw new AttemptFailed('changed', 'the server sent a part without saying which');
  }
  const length = headers['content-length'];
  const whole = length === undefined ? undefined : Number(length);
  return {
    body: response,
    startsAt: range?.startsAt ?? 0,
    totalBytes: range ? range.totalBytes : whole,
    etag: strongEtag(headers.etag),
  };
}

function get(
  url: URL,
  address: LookupAddress | undefined,
  resume: ResumeFrom | undefined,
  clock: AttemptClock,
  extraCa: string | undefined,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    signal: clock.signal,
    // A connection of its own: a kept one might lead to an address that was never checked.
    agent: false,
    headers: {
      'accept-encoding': 'identity',
      ...(resume && { range: `bytes=${resume.byte}-`, 'if-match': resume.etag }),
    },
    ...(extraCa !== undefined && { ca: extraCa }),
    ...(address && {
      lookup: (_hostname, { all }, callback) => {
        if (all) callback(null, [address]);
        else callback(null, address.address, address.family);
      },
    }),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, resolve);
    request.once('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clock.heard());
    });
    request.on('error', (error) => {
      if (clock.signal.aborted) reject(clock.signal.reason as Error);
      else reject(new AttemptFailed('cut', error.message, undefined, { cause: error }));
    });
    request.end();
  });
}

/** Rejects with the signal's reason as soon as it aborts; what was awaited ends unheard. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
