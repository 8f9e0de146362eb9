import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

export interface SqsClientOptions {
  region: string;
  /** Where SQS is. @default AWS's regional endpoint, or `AWS_ENDPOINT_URL`, which the SDK reads itself */
  endpoint?: string;
}

/** A loaded region still accepts within this; a wrong address is known soon enough for a person. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The longest long poll takes 20 s before it answers. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Ten long polls, and alongside the calls that extend and acknowledge: those must never wait for a socket. */
const MAX_SOCKETS = 64;

/** The SDK tries once more by itself; the queue's own retries send only what failed. */
const SDK_ATTEMPTS = 2;

/** Makes the process's SQS client; `destroy()` it at the end. Credentials come from the SDK's own chain. */
export function createSqsClient({ region, endpoint }: SqsClientOptions): SQSClient {
  const agentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return new SQSClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    // Otherwise the SDK calls the queue URL's host even where AWS_ENDPOINT_URL names another.
    useQueueUrlAsEndpoint: false,
    maxAttempts: SDK_ATTEMPTS,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agentOptions),
      httpsAgent: new HttpsAgent(agentOptions),
    }),
  });
}
