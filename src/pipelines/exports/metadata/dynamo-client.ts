import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A loaded region still accepts within this. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A hundred rows come in some tens of milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Four in flight for each file of a process, and some more for the names of jobs. */
const MAX_SOCKETS = 64;
/** The SDK's own tries, with jitter; the store's follow. */
const SDK_ATTEMPTS = 3;

/**
 * Makes a client whose calls end; credentials come from the SDK's own chain. `destroy()` belongs to the caller.
 *
 * @param config where DynamoDB is; unset is AWS, or what AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL say, which the SDK reads itself
 */
export function createDynamoClient(config: DynamoDBClientConfig & { region: string }): DynamoDBClient {
  return new DynamoDBClient({
    ...config,
    maxAttempts: SDK_ATTEMPTS,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: { maxSockets: MAX_SOCKETS },
    }),
  });
}
