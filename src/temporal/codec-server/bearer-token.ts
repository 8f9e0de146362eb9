import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Tells whether an `Authorization` header carries the token.
 *
 * Both sides are hashed with a key of this process before they are compared, so that the time a comparison takes says
 * nothing about the token, not even its length.
 */
export function bearerCheck(token: string): (authorization: string | undefined) => boolean {
  const salt = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', salt).update(text).digest();
  const expected = digest(token);
  return (authorization) => {
    const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    return timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
  };
}
