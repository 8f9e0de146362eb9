import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Crc64Nvme } from './crc64-nvme.js';
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
    // Never `cacheMiddleware`: requests under way at one time would share one address, and read one bucket's object as another's.
    // Every object that has a checksum is held against it. S3 gives this one to those that came without.
    responseChecksumValidation: 'WHEN_SUPPORTED',
    checksumAlgorithms: { CRC64NVME: Crc64Nvme },
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
