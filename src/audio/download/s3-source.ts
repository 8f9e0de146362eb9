import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { AudioError } from '../../platform/errors.js';
import type { AttemptClock } from './attempt-clock.js';
import { AttemptFailed } from './attempt-failed.js';
import type { AudioSource, OpenedBody, ResumeFrom } from './audio-source.js';
import { errorForStatus, parseContentRange, strongEtag } from './audio-source.js';
import { parseRetryAfter } from './backoff.js';
import { SignedGets } from './signed-get.js';

export interface S3Object {
  bucket: string;
  key: string;
  versionId?: string;
}

/** Reads objects with the S3 client, whose own retries should be off: the downloader's count. */
export function createS3Sources(s3: S3Client): (object: S3Object, name: string) => AudioSource {
  const signedGets = new SignedGets(s3);
  return (object, name) => ({
    async open(resume, clock) {
      clock.awaitAnswer();
      try {
        const opened =
          (await openSigned(signedGets, object, resume, clock, name)) ??
          (await openBySdk(s3, signedGets, object, resume, clock));
        clock.heard();
        return opened;
      } catch (error) {
        if (clock.signal.aborted) throw clock.signal.reason;
        throw toDownloadError(error, name);
      }
    },
  });
}

/** Answers that are the same for whoever asks; like those from 500 on, they are no reason to ask twice. */
const ABOUT_THE_OBJECT: ReadonlySet<number> = new Set([404, 408, 410, 412, 416, 429]);

/** @returns undefined when the SDK should ask: for the first object of a bucket, and where S3 refuses the request itself */
async function openSigned(
  signedGets: SignedGets,
  object: S3Object,
  resume: ResumeFrom | undefined,
  clock: AttemptClock,
  name: string,
): Promise<OpenedBody | undefined> {
  const headers = resume && { range: rangeFrom(resume), 'if-match': resume.etag };
  const answer = await signedGets.get({ ...object, headers: headers ?? {} }, clock.signal);
  if (answer === undefined) return undefined;
  const { statusCode, headers: found, body } = answer;
  if (statusCode === 200 || statusCode === 206) {
    const length = found['content-length'];
    return describe(body, {
      contentRange: found['content-range'],
      contentLength: length === undefined ? undefined : Number(length),
      etag: found['etag'],
    });
  }
  body.destroy();
  if (ABOUT_THE_OBJECT.has(statusCode) || statusCode >= 500) {
    throw errorForStatus(statusCode, name, parseRetryAfter(found['retry-after'], Date.now()));
  }
  // A bucket that moved, credentials that changed, a clock that is wrong: the SDK knows what to do.
  signedGets.forget(object.bucket);
  return undefined;
}

async function openBySdk(
  s3: S3Client,
  signedGets: SignedGets,
  object: S3Object,
  resume: ResumeFrom | undefined,
  clock: AttemptClock,
): Promise<OpenedBody> {
  const command = new GetObjectCommand({
    Bucket: object.bucket,
    Key: object.key,
    ...(object.versionId !== undefined && { VersionId: object.versionId }),
    ...(resume && { Range: rangeFrom(resume), IfMatch: resume.etag }),
  });
  signedGets.learnFrom(command, object.bucket, object.key);
  const answer = await s3.send(command, { abortSignal: clock.signal });
  if (!answer.Body) throw new AttemptFailed('cut', 'the store answered without a body');
  return describe(answer.Body as Readable, {
    contentRange: answer.ContentRange,
    contentLength: answer.ContentLength,
    etag: answer.ETag,
  });
}

function rangeFrom({ byte }: ResumeFrom): string {
  return `bytes=${byte}-`;
}

function describe(
  body: Readable,
  found: {
    contentRange: string | undefined;
    contentLength: number | undefined;
    etag: string | undefined;
  },
): OpenedBody {
  const range = parseContentRange(found.contentRange);
  return {
    body,
    startsAt: range?.startsAt ?? 0,
    totalBytes: range ? range.totalBytes : found.contentLength,
    etag: strongEtag(found.etag),
  };
}

function toDownloadError(error: unknown, name: string): unknown {
  if (!(error instanceof S3ServiceException)) {
    if (error instanceof AttemptFailed || error instanceof AudioError || !(error instanceof Error))
      return error;
    // Refused and reset connections, names that do not resolve, credentials that could not be had.
    const reason = error.name === 'TimeoutError' ? 'timeout' : 'cut';
    return new AttemptFailed(reason, error.message, undefined, { cause: error });
  }
  const status = error.$metadata.httpStatusCode;
  if (status === undefined) return new AttemptFailed('cut', error.message, undefined, { cause: error });
  const retryAfter = error.$response?.headers['retry-after'];
  return errorForStatus(status, name, parseRetryAfter(retryAfter, Date.now()));
}
