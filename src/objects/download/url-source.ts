import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import { printable } from '../../platform/text/printable.js';
import { unlessAborted } from '../../platform/time/abort.js';
import { AddressRefused } from '../errors.js';
import { AttemptFailed } from './attempt-failed.js';
import type { AttemptClock } from './attempt-clock.js';
import type { ObjectSource, OpenedBody, ResumeFrom } from './object-source.js';
import { parseContentRange, strongEtag } from './object-source.js';
import { parseRetryAfter } from './backoff.js';
import { parseLocation, type LocationRules } from '../location.js';
import type { AddressRules } from '../pinned-address.js';
import { createAddressPins } from '../pinned-address.js';
import { errorForRefusal, readRefusalXml } from './store-answer.js';

const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export interface UrlSourceOptions {
  /** Where a redirect that leaves the first host may lead; without them nowhere. */
  locations?: LocationRules | undefined;
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
): ObjectSource {
  const pin = createAddressPins(options.rules);
  const connectTo = async (url: URL): Promise<LookupAddress | undefined> => {
    if (location.trusted && url.origin === location.url.origin) return undefined;
    if (url.protocol !== 'https:' || url.username !== '') {
      throw new AddressRefused('Address refused: a redirect leads to something other than https');
    }
    return pin(url.hostname);
  };
  return {
    async open(resume, clock) {
      let url = location.url;
      for (let redirects = 0; ; redirects++) {
        const address = await unlessAborted(connectTo(url), clock.signal);
        const response = await get(url, address, resume, clock, options.extraCa);
        const target = REDIRECTS.includes(response.statusCode ?? 0) ? response.headers.location : undefined;
        if (target === undefined) return opened(response, name, clock);
        response.destroy();
        if (redirects === MAX_REDIRECTS) {
          throw new AddressRefused(`Address refused: more than ${MAX_REDIRECTS} redirects`);
        }
        if (!URL.canParse(target, url.href)) {
          throw new AddressRefused('Address refused: a redirect leads to no address');
        }
        url = new URL(target, url);
        if (url.host !== location.url.host) checkRedirect(url, options.locations);
      }
    },
  };
}

/** A host that was allowed answers for itself, not for whoever it points to. The address itself stays out of the message. */
function checkRedirect(url: URL, locations: LocationRules | undefined): void {
  try {
    if (locations === undefined) throw new AddressRefused('no other host is allowed');
    parseLocation(url.href, locations);
  } catch (cause) {
    const settings = locations?.settings === undefined ? '' : ` (${locations.settings})`;
    throw new AddressRefused(
      `Address refused: a redirect leads to ${printable(url.host)}, where objects may not be read${settings}`,
      { cause },
    );
  }
}

async function opened(response: IncomingMessage, name: string, clock: AttemptClock): Promise<OpenedBody> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200 && statusCode !== 206) {
    const refusal = {
      ...readRefusalXml(await startOf(response, clock)),
      status: statusCode,
      retryAfterMs: parseRetryAfter(headers['retry-after'], Date.now()),
    };
    throw errorForRefusal(
      { ...refusal, region: headerText(headers['x-amz-bucket-region']) ?? refusal.region },
      name,
      'in_address',
    );
  }
  const range = statusCode === 206 ? parseContentRange(headers['content-range']) : undefined;
  if (statusCode === 206 && !range) {
    response.destroy();
    throw new AttemptFailed('changed', 'the server sent a part without saying which');
  }
  // An abort may come while nothing reads the body yet; the reason is thrown by who writes it, not from the event.
  response.on('error', () => undefined);
  const length = headers['content-length'];
  const whole = length === undefined ? undefined : Number(length);
  return {
    body: response,
    startsAt: range?.startsAt ?? 0,
    totalBytes: range ? range.totalBytes : whole,
    contentEncoding: headers['content-encoding'],
    etag: strongEtag(headers.etag),
  };
}

const headerText = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

/** An error document is a few hundred bytes; what a store says beyond this is not read. */
const MAX_REFUSAL_BYTES = 16 * 1024;

/** The start of a refusal's body; as far as it came, when it breaks off or the attempt's time is over: the status tells the most. */
async function startOf(response: IncomingMessage, clock: AttemptClock): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onAbort = (): void => void response.destroy();
  clock.signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      clock.heard();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_REFUSAL_BYTES) break;
    }
  } catch {
    // Told from what came.
  } finally {
    clock.signal.removeEventListener('abort', onAbort);
    response.destroy();
  }
  // The caller's own abort is no answer of the store's.
  const { aborted, reason } = clock.signal as { aborted: boolean; reason: unknown };
  if (aborted && !(reason instanceof AttemptFailed)) throw reason;
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL_BYTES).toString('utf8');
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
