import { ApplicationFailure } from '@temporalio/common';
import type { z } from 'zod';
import { describeMismatch } from '../../contract/mismatch.js';
import { FAILURES } from '../../contract/failures.js';

/**
 * A workflow's or activity's input, checked.
 *
 * @throws ApplicationFailure, not retryable, of type `InvalidInput`, whose message names every field that is wrong
 */
export function checkedInput<T>(schema: z.ZodType<T>, input: unknown, workflowType: string): T {
  const mismatch = describeMismatch(schema, input);
  if (mismatch !== undefined) throw invalidInput(`${workflowType}: ${mismatch}`);
  return schema.parse(input);
}

export function invalidInput(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FAILURES.invalidInput);
}
