import type { FastifyRequest } from 'fastify';
import type { ApiOperation } from '../../platform/http/api.js';
import type { Caller } from '../http/caller.js';
import { HttpProblem } from './http-problem.js';

/** Who asks, as who listens has found: no header of a client's gets here. */
export const CALLER_HEADER = 'x-vachan-caller';
/** Set where a token came that is not the right one. */
export const WRONG_TOKEN_HEADER = 'x-vachan-wrong-token';

const ALLOWED = {
  anyone: ['token', 'loopback', 'stranger'],
  loopback: ['token', 'loopback'],
  post: ['token'],
} as const satisfies Record<string, readonly Caller[]>;

/** @throws HttpProblem 401; 403 where there is no token that could be given */
export function checkAccess(
  { method, access = 'anyone' }: Pick<ApiOperation, 'method' | 'access'>,
  tokenDigest: string | undefined,
  request: FastifyRequest,
): void {
  const allowed: readonly string[] = ALLOWED[method === 'POST' ? 'post' : access];
  if (allowed.includes(String(request.headers[CALLER_HEADER] ?? 'stranger'))) return;
  if (tokenDigest !== undefined) {
    const isWrong = request.headers[WRONG_TOKEN_HEADER] !== undefined;
    const missing = 'Expected a bearer token in the Authorization header.';
    throw new HttpProblem(401, 'Unauthorized', isWrong ? 'The token is not the right one.' : missing);
  }
  const what = method === 'POST' ? 'Nothing is taken' : 'From another machine nothing is answered';
  throw new HttpProblem(403, 'Forbidden', `${what} here until HTTP_API_TOKEN is set for the worker.`);
}
