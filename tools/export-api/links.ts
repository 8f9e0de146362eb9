import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Problem } from './problem.js';

/** Makes and checks presigned links. Their signature covers file and end, as those of object stores do. */
export class Links {
  readonly #secret = randomBytes(32);
  readonly #now: () => number;
  #issued = 0;
  /** Links with a smaller number are over, whatever they say. */
  #validFrom = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(
    origin: string,
    exportId: string,
    fileId: string,
    ttlSeconds: number,
  ): { url: string; expiresAt: string } {
    const expires = this.#now() + ttlSeconds * 1000;
    const number = this.#issued++;
    // Not the ids themselves, among which may be one that is a dot.
    const url = new URL(`/downloads/${encoded(exportId)}/${encoded(fileId)}`, origin);
    url.searchParams.set('expires', String(expires));
    url.searchParams.set('n', String(number));
    url.searchParams.set('signature', this.#sign(exportId, fileId, expires, number));
    return { url: url.href, expiresAt: new Date(expires).toISOString() };
  }

  /** Ends all links that were given out so far. */
  expireAll(): void {
    this.#validFrom = this.#issued;
  }

  /** @throws Problem 403 where it was tampered with, `expiredStatus` where its time is over */
  check(url: URL, exportId: string, fileId: string, expiredStatus: 403 | 410): void {
    const expires = Number(url.searchParams.get('expires'));
    const number = Number(url.searchParams.get('n'));
    const given = Buffer.from(url.searchParams.get('signature') ?? '');
    const right = Buffer.from(this.#sign(exportId, fileId, expires, number));
    if (given.length !== right.length || !timingSafeEqual(given, right))
      throw new Problem(403, 'signature_does_not_match', 'The link was not made here.');
    if (number < this.#validFrom || this.#now() > expires)
      throw new Problem(expiredStatus, 'link_expired', 'The link has expired.');
  }

  #sign(exportId: string, fileId: string, expires: number, number: number): string {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify([exportId, fileId, expires, number]))
      .digest('hex');
  }
}

const encoded = (id: string): string => Buffer.from(id).toString('base64url');

/** What stands in the path of a link. */
export const decodedId = (segment: string): string => Buffer.from(segment, 'base64url').toString();
