import type { z } from 'zod';
import { InvalidInput } from '../errors.js';

/** Who may ask: `anyone` who reaches the port; `loopback`, processes of this machine, and from elsewhere those with the token. */
export type ApiAccess = 'anyone' | 'loopback';

/** An endpoint of the API, below `/api/v1`. */
export interface ApiOperation {
  /** @default GET, which changes nothing; POST takes a body and always needs the token */
  readonly method?: 'GET' | 'POST';
  /** Such as `/runs/{test_date}`. */
  readonly path: string;
  /** Of a GET. @default anyone */
  readonly access?: ApiAccess;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Name of the answer's schema among the components. */
  readonly answer: string;
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  /** Of a POST: name of the body's schema among the components. */
  readonly body?: string;
  /** By status, beyond those that every path may have. */
  readonly problems: Readonly<Record<string, string>>;
  /**
   * Errors are of the error family; `NoSuchRun` is a 404, `UnknownCursor` a 400.
   *
   * @param given the checked parameters of query and path; of a POST as `PostGiven`
   * @returns what the schema lets through, and drops the rest of
   */
  readonly ask: (given: never) => Promise<unknown>;
}

/** What a POST is asked with. */
export interface PostGiven<Body> {
  body: Body;
  /** Of the header `Idempotency-Key`: the same request again is to have the same answer. */
  idempotencyKey: string | undefined;
}

/** Thrown for a body that its schema lets through, and that is wrong all the same. */
export class InvalidRequest extends InvalidInput {}

/** Thrown when an idempotency key comes again with another body. */
export class IdempotencyKeyReused extends InvalidInput {}

/** Endpoints, and the named schemas of what they answer. */
export interface Api {
  readonly operations: readonly ApiOperation[];
  readonly components: Readonly<Record<string, z.ZodType>>;
}
