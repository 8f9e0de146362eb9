import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who asks, as far as it decides what they may: whoever has the token, a process of this machine, or anyone. */
export type Caller = 'token' | 'loopback' | 'stranger';

const LOOPBACK = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
const BEARER = /^Bearer +([\w.~+/=-]{1,4096}) *$/i;

/**
 * Tells callers apart. A proxy on this machine passes on who knows whose requests, and says so.
 *
 * @param taken SHA-256 of the token that is taken, in hex; whoever talks to strangers need not know the token itself
 */
export function callerOf(request: IncomingMessage, taken: string | undefined): Caller {
  const { headers, socket } = request;
  const token = BEARER.exec(headers.authorization ?? '')?.[1];
  if (taken !== undefined && token !== undefined) {
    const digests = [taken, tokenDigest(token)].map((digest) => Buffer.from(digest, 'hex')) as [
      Buffer,
      Buffer,
    ];
    if (timingSafeEqual(...digests)) return 'token';
  }
  const isPassedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !isPassedOn && LOOPBACK.test(socket.remoteAddress ?? '') ? 'loopback' : 'stranger';
}

/** Whether somebody who is not known by a token brought one all the same. */
export function bringsWrongToken({ headers }: IncomingMessage, caller: Caller): boolean {
  return caller !== 'token' && BEARER.test(headers.authorization ?? '');
}

/** SHA-256, in hex: tokens are random, so that nothing is won by guessing at it. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
