import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DependencyUnavailable } from '../platform/errors.js';
import { createLineUpload, type LineUpload } from './line-upload.js';

/** Bytes of one read of a long object, well within the time that the settings give a call. */
const READ_BYTES = 4 * 1024 * 1024;
/** Times that a conditional write is tried when another one of the same key is under way. */
const CONFLICT_ATTEMPTS = 5;

/**
 * Small objects and lines of a bucket, through the SDK. For contents that are measured in gigabytes there is the data
 * path.
 *
 * Every method throws `DependencyUnavailable` when the store does not answer, or refuses.
 */
export interface ObjectFolder {
  readonly bucket: string;
  /** Undefined where there is no such object. */
  read(key: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The object's lines without their ends, read piece by piece; none where there is no such object. */
  lines(key: string, signal?: AbortSignal): AsyncIterable<string>;
  exists(key: string, signal?: AbortSignal): Promise<boolean>;
  write(key: string, body: string, signal?: AbortSignal): Promise<void>;
  /** @returns false when there is an object of this key, which stays */
  create(key: string, body: string, signal?: AbortSignal): Promise<boolean>;
  /** An object that is written line by line, of any length; it appears when it is finished. */
  startLines(key: string, signal?: AbortSignal): LineUpload;
  delete(key: string, signal?: AbortSignal): Promise<void>;
  copy(from: string, to: string, signal?: AbortSignal): Promise<void>;
  /** The keys that begin so, in their order. @param after the first keys left out: this one, and those before it */
  keys(prefix: string, after?: string, signal?: AbortSignal): AsyncIterable<string>;
}

export function createObjectFolder(client: S3Client, bucket: string): ObjectFolder {
  const call = <T>(verb: string, run: () => Promise<T>): Promise<T> =>
    onStore(`${verb} an object of s3://${bucket}`, run);
  const options = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } =>
    signal === undefined ? {} : { abortSignal: signal };
  const typeOf = (key: string): string =>
    key.endsWith('.json') ? 'application/json' : 'application/x-ndjson';

  const get = (key: string, range: string | undefined, etag: string | undefined, signal?: AbortSignal) =>
    call('read', async () => {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: range, IfMatch: etag });
      try {
        const answer = await client.send(command, options(signal));
        const bytes = await answer.Body!.transformToByteArray();
        const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes.byteLength);
        return { bytes: Buffer.from(bytes), total, etag: answer.ETag };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        // A range of an empty object.
        if (statusOf(error) === 416) return { bytes: Buffer.alloc(0), total: 0, etag };
        throw error;
      }
    });

  async function* lines(key: string, signal?: AbortSignal): AsyncIterable<string> {
    let rest = Buffer.alloc(0);
    let etag: string | undefined;
    for (let from = 0; ;) {
      const piece = await get(key, `bytes=${from}-${from + READ_BYTES - 1}`, etag, signal);
      if (piece === undefined) return;
      etag = piece.etag;
      from += piece.bytes.byteLength;
      rest = Buffer.concat([rest, piece.bytes]);
      let begin = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, begin)) {
        yield rest.toString('utf8', begin, end);
        begin = end + 1;
      }
      rest = rest.subarray(begin);
      if (from >= piece.total || piece.bytes.byteLength === 0) break;
    }
    if (rest.byteLength > 0) yield rest.toString('utf8');
  }

  async function* keys(prefix: string, after?: string, signal?: AbortSignal): AsyncIterable<string> {
    for (let token: string | undefined, more = true; more;) {
      const answer = await call('list', () =>
        client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined
              ? after !== undefined && { StartAfter: after }
              : { ContinuationToken: token }),
          }),
          options(signal),
        ),
      );
      for (const { Key: key } of answer.Contents ?? []) if (key !== undefined) yield key;
      token = answer.NextContinuationToken;
      more = answer.IsTruncated === true && token !== undefined;
    }
  }

  return {
    bucket,
    read: async (key, signal) => (await get(key, undefined, undefined, signal))?.bytes.toString('utf8'),
    lines,
    exists: (key, signal) =>
      call('look for', async () => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), options(signal));
          return true;
        } catch (error) {
          if (statusOf(error) === 404) return false;
          throw error;
        }
      }),
    write: (key, body, signal) =>
      call('write', async () => {
        const command = new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: Buffer.from(body),
          ContentType: typeOf(key),
        });
        await client.send(command, options(signal));
      }),
    create: (key, body, signal) =>
      call('write', async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            const command = new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: Buffer.from(body),
              ContentType: typeOf(key),
              IfNoneMatch: '*',
            });
            await client.send(command, options(signal));
            return true;
          } catch (error) {
            if (statusOf(error) === 412) return false;
            if (statusOf(error) !== 409 || attempt === CONFLICT_ATTEMPTS) throw error;
          }
        }
      }),
    startLines: (key, signal) =>
      createLineUpload({
        client,
        bucket,
        key,
        contentType: typeOf(key),
        signal,
        call: (run) => call('write', run),
      }),
    delete: (key, signal) =>
      call('delete', async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), options(signal));
      }),
    copy: (from, to, signal) =>
      call('copy', async () => {
        // Encoded segment by segment: the header holds a path.
        const source = [bucket, ...from.split('/')].map(encodeURIComponent).join('/');
        const command = new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source });
        await client.send(command, options(signal));
      }),
    keys,
  };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** Keys are not named: that of an entry holds its name. */
async function onStore<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const why =
      error instanceof Error ? (error.name === 'TimeoutError' ? error.message : error.name) : 'unknown error';
    throw new DependencyUnavailable(`S3 could not ${operation}: ${why}`, { cause: error });
  }
}
