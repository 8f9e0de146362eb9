import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { createS3Client } from '../s3-client.js';
import { Crc64Nvme } from './crc64-nvme.js';
import type { DownloadOptions } from './download-options.js';

/**
 * The S3 client that downloads should use: connections enough, and no retries or timeouts of its own beside the
 * downloader's, except on connecting, which only it can see.
 *
 * @param config see `createS3Client`
 */
export function createDownloadClient(
  { connectTimeoutMs, maxConcurrency }: Pick<DownloadOptions, 'connectTimeoutMs' | 'maxConcurrency'>,
  config: S3ClientConfig = {},
): S3Client {
  return createS3Client(
    { connectTimeoutMs, attemptTimeoutMs: undefined, maxAttempts: 1, maxSockets: maxConcurrency },
    {
      // Never `cacheMiddleware`: requests under way at one time would share one address, and read one bucket's object as another's.
      // Every object that has a checksum is held against it. S3 gives this one to those that came without.
      responseChecksumValidation: 'WHEN_SUPPORTED',
      checksumAlgorithms: { CRC64NVME: Crc64Nvme },
      // Unsigned https addresses of S3 may name a bucket of another region.
      followRegionRedirects: true,
      ...config,
    },
  );
}
