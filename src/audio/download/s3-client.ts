import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { DownloadOptions } from './download-options.js';

/**
 * The S3 client that downloads should use: connections enough, and no retries or timeouts of its own beside the
 * downloader's, except on connecting, which only it can see.
 *
 * @param config region, endpoint and credentials; the endpoint must be given where AWS_ENDPOINT_URL is set, since it decides
 * how buckets are addressed
 */
export function createAudioS3Client(
  options: Pick<DownloadOptions, 'connectTimeoutMs' | 'maxConcurrency'>,
  config: S3ClientConfig = {},
): S3Client {
  return new S3Client({
    maxAttempts: 1,
    // By default the client computes an object's checksum in JavaScript when it has one: a millisecond a recording, on the event loop.
    // TLS and the stated length guard the way here, and a damaged recording shows when it is decoded.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Unsigned https addresses of S3 may name a bucket of another region.
    followRegionRedirects: true,
    // The embedded stack has one host for all buckets.
    ...(config.endpoint !== undefined && { forcePathStyle: true }),
    ...config,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: options.connectTimeoutMs,
      httpsAgent: { maxSockets: options.maxConcurrency },
      httpAgent: { maxSockets: options.maxConcurrency },
    }),
  });
}
