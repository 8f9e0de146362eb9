import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { AttemptFailed } from './attempt-failed.js';
import type { AudioSource } from './audio-source.js';
import { errorForStatus, parseContentRange, strongEtag } from './audio-source.js';
import { parseRetryAfter } from './backoff.js';

/** Reads an object with the S3 client, whose own retries should be off: the downloader's count. */
export function createS3Source(
  s3: S3Client,
  object: { bucket: string; key: string; versionId?: string },
  name: string,
): AudioSource {
  return {
    async open(resume, clock) {
      const command = new GetObjectCommand({
        Bucket: object.bucket,
        Key: object.key,
        ...(object.versionId !== undefined && { VersionId: object.versionId }),
        ...(resume && { Range: `bytes=${resume.byte}-`, IfMatch: resume.etag }),
      });
      clock.awaitAnswer();
      try {
        const answer = await s3.send(command, { abortSignal: clock.signal });
        clock.heard();
        if (!answer.Body) throw new AttemptFailed('cut', 'the store answered without a body');
        const range = parseContentRange(answer.ContentRange);
        return {
          body: answer.Body as Readable,
          startsAt: range?.startsAt ?? 0,
          totalBytes: range ? range.totalBytes : answer.ContentLength,
          etag: strongEtag(answer.ETag),
        };
      } catch (error) {
        if (clock.signal.aborted) throw clock.signal.reason;
        throw toDownloadError(error, name);
      }
    },
  };
}

function toDownloadError(error: unknown, name: string): unknown {
  if (!(error instanceof S3ServiceException)) {
    if (error instanceof AttemptFailed || !(error instanceof Error)) return error;
    // Refused and reset connections, names that do not resolve, credentials that could not be had.
    const reason = error.name === 'TimeoutError' ? 'timeout' : 'cut';
    return new AttemptFailed(reason, error.message, undefined, { cause: error });
  }
  const status = error.$metadata.httpStatusCode;
  if (status === undefined) return new AttemptFailed('cut', error.message, undefined, { cause: error });
  const retryAfter = error.$response?.headers['retry-after'];
  return errorForStatus(status, name, parseRetryAfter(retryAfter, Date.now()));
}
