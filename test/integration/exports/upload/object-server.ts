import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createObjectStore } from '#vachan/objects/data-path/create-object-store.js';
import type { ObjectStore } from '#vachan/objects/data-path/object-store.js';
import { exportsEndpoints } from '../../embedded-stack.js';
import type { RequestsOptions } from '#vachan/objects/data-path/requests.js';

/** A server that speaks S3, for as long as a test file needs it. */
export interface ObjectServer {
  name: string;
  endpointUrl: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Whether it keeps, and holds uploads in parts against, the CRC-32 of the whole object. */
  keepsWholeChecksums: boolean;
  stop(): Promise<void>;
}

/** The run's own server. */
export function sharedServer(): ObjectServer {
  const { endpointUrl, region, ...credentials } = exportsEndpoints().store;
  return {
    name: 'ministack',
    endpointUrl,
    region,
    credentials,
    keepsWholeChecksums: false,
    stop: () => Promise.resolve(),
  };
}

/** With pauses of milliseconds: the servers are near, and faults are over at once. */
export const QUICK_LIMITS = {
  connectTimeoutMs: 5_000,
  silenceTimeoutMs: 20_000,
  maxRetries: 4,
  backoffBaseMs: 5,
};

export function storeOf(server: ObjectServer, options: Partial<RequestsOptions> = {}): ObjectStore {
  return createObjectStore({
    region: server.region,
    endpoint: server.endpointUrl,
    credentials: () => Promise.resolve(server.credentials),
    limits: QUICK_LIMITS,
    ...options,
  });
}

export function sdkClientOf(server: ObjectServer): S3Client {
  const { endpointUrl: endpoint, region, credentials } = server;
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
}

export async function createBucket(client: S3Client, bucket: string): Promise<string> {
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}
