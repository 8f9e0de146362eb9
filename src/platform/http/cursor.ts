import { createHash } from 'node:crypto';
import { InvalidInput } from '../errors.js';

/** A `cursor` that no page of this list ended with. */
export class UnknownCursor extends InvalidInput {
  constructor(options?: ErrorOptions) {
    super('cursor: expected next_cursor of a page of the same list', options);
  }
}

const CHECK_BYTES = 8;

/** @param list what the list is of, as JSON; a cursor serves no other */
export function writeCursor(list: string, token: Uint8Array): string {
  return Buffer.concat([checkOf(list, token), token]).toString('base64url');
}

/**
 * Temporal answers a token that is none of its own as if it were ill, after seconds of tries, so that it never gets one.
 *
 * @throws UnknownCursor
 */
export function readCursor(list: string, cursor: string): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(CHECK_BYTES);
  const right = checkOf(list, token).equals(bytes.subarray(0, CHECK_BYTES));
  if (!right || token.byteLength === 0) throw new UnknownCursor();
  return token;
}

/** Against mistakes: whoever makes one up with the right check harms nobody. */
function checkOf(list: string, token: Uint8Array): Buffer {
  return createHash('sha256').update(list).update('\0').update(token).digest().subarray(0, CHECK_BYTES);
}
