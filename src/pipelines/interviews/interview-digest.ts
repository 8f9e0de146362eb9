import { createHmac } from 'node:crypto';

/**
 * Names an interview where its id may not stand: in workflow ids, in histories, in tombstones.
 *
 * @param key `INTERVIEW_ID_KEY`
 * @returns the first 32 hex digits of HMAC-SHA256
 */
export function interviewDigest(interviewId: string, key: string): string {
  return createHmac('sha256', key).update(interviewId).digest('hex').slice(0, 32);
}
