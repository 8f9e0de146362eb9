import { AttemptFailed } from '../download/attempt-failed.js';
import { parseRetryAfter } from '../download/backoff.js';
import { errorForRefusal, readRefusalXml, type StoreRefusal } from '../download/store-answer.js';
import { meaningOfCode, meaningOfStatus } from '../download/store-codes.js';
import {
  ChecksumRefused,
  PartsRefused,
  PreconditionFailed,
  RequestRefused,
  UploadNotFound,
  WriteConflict,
} from '../write-errors.js';
import type { StoreAnswer } from './exchange.js';
import type { RequestClock } from './request-clock.js';
import { nameOf, type StoreRequest } from './store-request.js';

/** What a code means where an object is written; the rest are the same as where one is read. */
const WRITE_CODES: Readonly<Record<string, new (message: string) => Error>> = {
  PreconditionFailed,
  ConditionalRequestConflict: WriteConflict,
  NoSuchUpload: UploadNotFound,
  BadDigest: ChecksumRefused,
  InvalidDigest: ChecksumRefused,
  XAmzContentChecksumMismatch: ChecksumRefused,
  XAmzContentSHA256Mismatch: ChecksumRefused,
  InvalidPart: PartsRefused,
  InvalidPartOrder: PartsRefused,
  EntityTooSmall: PartsRefused,
};

/** An error that a refusal means, and what it tells of the store besides. */
export interface Refused {
  error: Error;
  /** Where the bucket lies, when the request went elsewhere. */
  region: string | undefined;
  /** The credentials are expired or not known, or may be: newer ones may help. */
  credentialsRefused: boolean;
}

/** @param document of the answer, perhaps empty */
export function refusedBy(response: StoreAnswer, document: string, request: StoreRequest): Refused {
  const { statusCode = 0, headers } = response;
  const region = headers['x-amz-bucket-region'];
  const read = readRefusalXml(document);
  const refusal: StoreRefusal = {
    ...read,
    status: statusCode,
    region: typeof region === 'string' ? region : read.region,
    retryAfterMs: parseRetryAfter(headers['retry-after'], Date.now()),
  };
  const meaning =
    (read.code === undefined ? undefined : meaningOfCode(read.code, read.message)) ??
    meaningOfStatus(statusCode);
  return {
    error: errorOf(refusal, meaning === undefined, request),
    region: meaning === 'wrong_region' || statusCode === 400 ? refusal.region : undefined,
    // What S3 says of an expired token to a HEAD, whose answers have no document.
    credentialsRefused: meaning === 'credentials' || (request.method === 'HEAD' && statusCode === 400),
  };
}

function errorOf(refusal: StoreRefusal, isUnknown: boolean, request: StoreRequest): Error {
  const { status, code } = refusal;
  const what = `${request.action} ${nameOf(request)}`;
  const said =
    code !== undefined && /^[A-Za-z][\w.-]{0,63}$/.test(code) ? `${status} ${code}` : String(status);
  const known = code === undefined ? undefined : WRITE_CODES[code];
  if (known !== undefined) return new known(`The store refuses to ${what} (${said})`);
  if (status === 412) return new PreconditionFailed(`The store refuses to ${what} (${said})`);
  // A conflict without a name that is known.
  if (status === 409 && isUnknown) return new WriteConflict(`The store refuses to ${what} (${said})`);
  if (isUnknown) return new RequestRefused(`The store refuses to ${what} (${said})`);
  return errorForRefusal(refusal, nameOf(request), 'own');
}

/** A listing of 1,000 parts is some 300 KB. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** The whole of a small answer. @throws AttemptFailed when it breaks off */
export function readDocument(
  response: StoreAnswer,
  clock: RequestClock,
  maxBytes = MAX_DOCUMENT_BYTES,
): Promise<Buffer> {
  if ('body' in response) return Promise.resolve(response.body);
  // Most answers are empty, and an iterator over a stream costs more than all else that is done with one.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const broken = (cause?: Error): void => {
      if (response.readableEnded) return;
      if (clock.over !== undefined) reject(clock.over);
      else reject(new AttemptFailed('cut', 'the answer broke off', undefined, { cause }));
    };
    response
      .on('data', (chunk: Buffer) => {
        clock.heard();
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxBytes) return;
        reject(new AttemptFailed('cut', 'the store answers without end'));
        response.destroy();
      })
      .once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
      .once('error', broken)
      .once('close', broken);
  });
}
