import { HeadBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DependencyUnavailable } from '../platform/errors.js';

/**
 * Writes an object whole, in place of any that has its key.
 *
 * @throws DependencyUnavailable when the store does not take it
 */
export async function putObject(
  client: S3Client,
  { bucket, key, body, contentType }: { bucket: string; key: string; body: string; contentType: string },
  abortSignal?: AbortSignal,
): Promise<void> {
  await onS3(`write s3://${bucket}/${key}`, () =>
    client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
      abortSignal === undefined ? {} : { abortSignal },
    ),
  );
}

/** @throws DependencyUnavailable when the bucket does not answer, or not this process */
export async function reachBucket(client: S3Client, bucket: string): Promise<void> {
  await onS3(`reach s3://${bucket}`, () => client.send(new HeadBucketCommand({ Bucket: bucket })));
}

async function onS3(operation: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw new DependencyUnavailable(`S3 could not ${operation}: ${whyNot(error)}`, { cause: error });
  }
}

/** The store's own name for it; of a time limit that ran out, which one. */
function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return error.name === 'TimeoutError' ? error.message : error.name;
}
