import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { describeMismatch } from '../../contract/mismatch.js';
import type { Api, ApiOperation, PostGiven } from '../../platform/http/api.js';
import { HttpProblem } from './http-problem.js';

/** As the IETF's draft of the header has it: a text, in quotes or bare. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
const IDEMPOTENCY_KEY = /^"?([\x21\x23-\x7e]{1,255})"?$/;

/** What a POST is asked with, checked. @throws HttpProblem 400 */
export function givenBy(
  { body }: Pick<ApiOperation, 'body'>,
  { components }: Pick<Api, 'components'>,
  request: FastifyRequest,
): PostGiven<unknown> {
  const header = request.headers[IDEMPOTENCY_KEY_HEADER];
  const idempotencyKey = header === undefined ? undefined : IDEMPOTENCY_KEY.exec(String(header))?.[1];
  if (header !== undefined && idempotencyKey === undefined) {
    throw new HttpProblem(
      400,
      'Bad request',
      'Idempotency-Key: expected 1 to 255 ASCII characters without blanks.',
    );
  }
  return { body: body === undefined ? undefined : checked(components[body]!, request.body), idempotencyKey };
}

/** @throws HttpProblem 400 that says what is wrong */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HttpProblem(400, 'Bad request', describeMismatch(schema, value) ?? 'input: not understood');
}
