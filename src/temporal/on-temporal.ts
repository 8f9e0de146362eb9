import { DependencyUnavailable, VachanError } from '../platform/errors.js';

/**
 * gRPC's codes that speak of the request or of who asks: INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED,
 * FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED. The others pass with time.
 */
const FINAL_CODES: readonly number[] = [3, 5, 6, 7, 9, 11, 12, 16];

/**
 * Calls Temporal for something that can be waited for.
 *
 * @param operation what it is for, as in "Temporal did not <operation>"
 * @throws DependencyUnavailable where the server did not answer, or not now; anything else as it is
 */
export async function onTemporal<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const code = grpcCodeOf(error);
    if (error instanceof VachanError || code === undefined || FINAL_CODES.includes(code)) throw error;
    throw new DependencyUnavailable(`Temporal did not ${operation} (gRPC code ${code})`, { cause: error });
  }
}

/** The SDK wraps gRPC's error. */
function grpcCodeOf(error: unknown): number | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return undefined;
}
