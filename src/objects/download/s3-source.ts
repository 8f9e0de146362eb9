import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { AttemptFailed } from './attempt-failed.js';
import { createDirectReads, type DirectReads } from './direct-reads.js';
import type { ObjectSource } from './object-source.js';
import { parseContentRange, strongEtag } from './object-source.js';
import { parseRetryAfter } from './backoff.js';
import { credentialsRefused, errorForRefusal } from './store-answer.js';

/** Reads an object with the S3 client, whose own retries should be off: the downloader's count. @param direct of the same client */
export function createS3Source(
  s3: S3Client,
  object: { bucket: string; key: string; versionId?: string },
  name: string,
  direct: DirectReads = createDirectReads(s3),
): ObjectSource {
  return {
    async open(resume, clock) {
      const isWhole = resume === undefined && object.versionId === undefined;
      try {
        const opened = isWhole ? await direct.open(object, clock) : undefined;
        if (opened !== undefined) return opened;
        clock.awaitAnswer();
        const command = new GetObjectCommand({
          Bucket: object.bucket,
          Key: object.key,
          ...(object.versionId !== undefined && { VersionId: object.versionId }),
          ...(resume && { Range: `bytes=${resume.byte}-`, IfMatch: resume.etag }),
        });
        const watched = isWhole ? direct.watch(command, object) : undefined;
        const answer = await s3.send(command, { abortSignal: clock.signal });
        clock.heard();
        watched?.learnt();
        if (!answer.Body) throw new AttemptFailed('cut', 'the store answered without a body');
        const range = parseContentRange(answer.ContentRange);
        const body = answer.Body as Readable;
        // An abort may come while nothing reads the body yet; the reason is thrown by who writes it, not from the event.
        body.on('error', () => undefined);
        return {
          body,
          startsAt: range?.startsAt ?? 0,
          totalBytes: range ? range.totalBytes : answer.ContentLength,
          contentEncoding: answer.ContentEncoding,
          etag: strongEtag(answer.ETag),
        };
      } catch (error) {
        if (clock.signal.aborted) throw clock.signal.reason;
        throw toDownloadError(error, name);
      }
    },
  };
}

/** What the SDK throws where a provider of credentials (a file, a container's or an instance's service) has none to give. */
const NO_CREDENTIALS = /^(CredentialsProvider|TokenProvider|Provider)Error$/;

/** The parts of the SDK's errors that are read here. */
interface SdkError extends Error {
  $fault?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string | undefined> };
  StorageClass?: string;
  AccessTier?: string;
  Region?: string;
}

function toDownloadError(error: unknown, name: string): unknown {
  if (error instanceof AttemptFailed || !(error instanceof Error)) return error;
  const known = error as SdkError;
  const status = known.$metadata?.httpStatusCode ?? known.$response?.statusCode;
  const ofS3 = error instanceof S3ServiceException;
  // Another service's answer is that of the one that should have issued credentials (STS, SSO).
  if (NO_CREDENTIALS.test(error.name) || (known.$fault !== undefined && !ofS3)) {
    return credentialsRefused(error.name, { cause: error });
  }
  if (status === undefined) {
    // Refused and reset connections, names that do not resolve.
    const reason = error.name === 'TimeoutError' ? 'timeout' : 'cut';
    return new AttemptFailed(reason, error.message, undefined, { cause: error });
  }
  const { headers = {} } = known.$response ?? {};
  return errorForRefusal(
    {
      status,
      // Something on the way answered with a page that is not S3's: its status has to do.
      ...(ofS3 && !/^Unknown/.test(error.name) && { code: error.name, message: error.message }),
      region: headers['x-amz-bucket-region'] ?? known.Region,
      storageClass: known.StorageClass,
      accessTier: known.AccessTier,
      retryAfterMs: parseRetryAfter(headers['retry-after'], Date.now()),
    },
    name,
    'own',
  );
}
