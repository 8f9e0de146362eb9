import type { z } from 'zod';

/** A GET endpoint of the API, below `/api/v1`. */
export interface ApiOperation {
  /** Such as `/runs/{test_date}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Name of the answer's schema among the components. */
  readonly answer: string;
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  /** By status, beyond those that every path may have. */
  readonly problems: Readonly<Record<string, string>>;
  /**
   * Errors are of the error family; `NoSuchRun` is a 404, `UnknownCursor` a 400.
   *
   * @param given the checked parameters of query and path
   * @returns what the schema lets through, and drops the rest of
   */
  readonly ask: (given: never) => Promise<unknown>;
}

/** Endpoints, and the named schemas of what they answer. */
export interface Api {
  readonly operations: readonly ApiOperation[];
  readonly components: Readonly<Record<string, z.ZodType>>;
}
