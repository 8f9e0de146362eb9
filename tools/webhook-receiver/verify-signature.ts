import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a request of Standard Webhooks 1.0.0 carries: headers as received, the body byte for byte. */
export interface SignedRequest {
  id: string | undefined;
  /** Seconds since 1970. */
  timestamp: string | undefined;
  /** `v1,<base64>`, several separated by spaces. */
  signature: string | undefined;
  body: Buffer;
}

/** A request that is older or newer was replayed, or a clock is wrong. */
const TOLERANCE_SECONDS = 300;
const SECRET_PREFIX = 'whsec_';

/**
 * A receiver's check, written from the specification and sharing nothing with the sender.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secrets `whsec_` and base64; more than one while they are changed
 * @returns why it is not genuine; undefined where it is
 */
export function whyNotGenuine(
  { id, timestamp, signature, body }: SignedRequest,
  secrets: readonly string[],
  nowMs: number,
): string | undefined {
  if (id === undefined || id === '') return 'it has no webhook-id';
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return 'its webhook-timestamp is no number';
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS)
    return 'its webhook-timestamp is more than 5 minutes off';
  const wanted = secrets.map((secret) => {
    const key = Buffer.from(
      secret.slice(secret.startsWith(SECRET_PREFIX) ? SECRET_PREFIX.length : 0),
      'base64',
    );
    return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  });
  const given = (signature ?? '')
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  const isSigned = given.some((one) =>
    wanted.some((digest) => digest.length === one.length && timingSafeEqual(digest, one)),
  );
  return isSigned ? undefined : 'no webhook-signature of it is of a known secret';
}
