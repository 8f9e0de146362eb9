import { DependencyUnavailable } from '../../../platform/errors.js';

/** What to do about refusals that no try of ours changes; the work waits meanwhile, since a person can. */
const REMEDIES: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'there is no such table here; check EXPORT_METADATA_TABLE and AWS_REGION',
  AccessDeniedException:
    'this process may not read it; allow dynamodb:BatchGetItem, Query and DescribeTable on it',
  UnrecognizedClientException: "it does not take this process's credentials; renew or correct them",
  ExpiredTokenException: "this process's credentials have expired; renew them",
  InvalidSignatureException: "it does not take this process's signature; check its credentials and its clock",
  ValidationException:
    'it has other keys than EXPORT_METADATA_KEY and EXPORT_METADATA_ATTRIBUTES say; check both against the table',
};

/**
 * Runs one operation on the table, and maps the SDK's errors to `DependencyUnavailable`. The message names the operation and the service's
 * code only: its own text may quote keys.
 */
export async function onDynamo<T>(
  { table, operation, signal }: { table: string; operation: string; signal?: AbortSignal | undefined },
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    const { name, code } = Object(error) as { name?: string; code?: string };
    const remedy = REMEDIES[name ?? ''];
    const why = remedy === undefined ? (code ?? name ?? 'unknown error') : `${remedy} (${name ?? ''})`;
    throw new DependencyUnavailable(`DynamoDB could not ${operation} table ${table}: ${why}`, {
      cause: error,
    });
  }
}
