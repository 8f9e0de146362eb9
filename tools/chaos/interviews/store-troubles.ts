import type { Answer, Forward, Reply } from '../http-proxy.js';
import type { Random } from '../random.js';
import { refusal, slowDown } from '../s3-refusals.js';
import type { Call } from './kill-points.js';

export interface S3Trouble {
  kind: 'slow_down' | 'truncated' | 'internal_error';
  random: Random;
}

/** What goes wrong with the store's answers for now. */
export interface Troubles {
  s3: S3Trouble | undefined;
}

/** Of the requests that a trouble is about; many attempts fail several times in a row. */
const SHARE = 0.5;

/** Carries out a request to S3 as badly as it is told to. */
export async function troubled({ s3 }: Troubles, call: Call, forward: Forward): Promise<Reply> {
  if (s3 === undefined || call.service !== 's3' || s3.random.next() > SHARE) return forward();
  if (s3.kind === 'slow_down') return slowDown();
  if (s3.kind === 'internal_error')
    return refusal(500, 'InternalError', 'We encountered an internal error. Please try again.');
  const answer: Answer = await forward();
  return call.action === 'get' && answer.status < 300 ? { cut: answer } : answer;
}
