import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** In base64url 32 characters: nobody on this machine guesses it while a review lasts. */
const TOKEN_BYTES = 24;

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/**
 * Tells why a request is not the reviewer's, or undefined where it is.
 *
 * The address is bound to loopback, but everybody on this machine and every page in the browser reaches that. Whoever has no token is
 * refused; so is a page of a stranger that had its own name point here ("DNS rebinding": `Host` is that name), and one that sends requests
 * from elsewhere (`Origin`, `Sec-Fetch-Site`), should a token ever get out.
 *
 * @param ownAuthority what `Host` says when the page is the reviewer's, e.g. `127.0.0.1:4711`
 */
export function requestGuard(
  token: string,
  ownAuthority: () => string,
): (request: {
  url: string;
  headers: IncomingHttpHeaders;
}) => { status: number; message: string } | undefined {
  const salt = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', salt).update(text).digest();
  const expected = digest(token);
  return ({ url, headers }) => {
    const { host, origin, 'sec-fetch-site': site, 'sec-fetch-dest': destination } = headers;
    const authority = ownAuthority();
    if (host !== authority) return { status: 403, message: `Only http://${authority} is answered here.` };
    if (origin !== undefined && origin !== `http://${authority}`) {
      return { status: 403, message: 'This origin may not ask.' };
    }
    // Somebody follows the printed address from another page: that page sees nothing of it.
    const followed = destination === 'document';
    if ((site === 'cross-site' || site === 'same-site') && !followed) {
      return { status: 403, message: 'Other pages may not ask.' };
    }
    const given = url.split(/[/?#]/, 2)[1] ?? '';
    if (timingSafeEqual(digest(given), expected)) return undefined;
    return {
      status: 404,
      message:
        'There is no review at this address. Use the one that the running `vachan review` has printed.',
    };
  };
}
