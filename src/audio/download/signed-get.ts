import type { Readable } from 'node:stream';
import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';

/** What {@link SignedGets} asks of an object. */
export interface ObjectRequest {
  bucket: string;
  key: string;
  versionId?: string;
  headers: Readonly<Record<string, string>>;
}

/** An answer's status, header lines (names in lower case) and body, whatever the status. */
export interface ObjectAnswer {
  statusCode: number;
  headers: Record<string, string | undefined>;
  body: Readable;
}

/** How a bucket is reached, as the SDK's own request showed. */
interface BucketAccess {
  /** Method, host, port and the like; its path is what stands before the key. */
  request: SdkRequest;
  signer: SignatureV4;
}

type SdkRequest = Parameters<SignatureV4['sign']>[0] & { hostname: string; protocol: string; path: string };

/** Buckets are named by messages, so that there is no end to them. */
const MAX_BUCKETS = 1_000;

const SCOPE = /^AWS4-HMAC-SHA256 Credential=[^,]+\/\d{8}\/([^/,]+)\/([^/,]+)\/aws4_request,/;

/**
 * Reads objects past the SDK's middleware, which takes five times as long over a request as signing and sending it. The SDK sends the first
 * request for every bucket, and so decides where a bucket lies, in which region and how it is signed; requests like it then differ in the
 * object's name only. A bucket that is not signed in the usual way stays with the SDK.
 */
export class SignedGets {
  readonly #s3: S3Client;
  readonly #buckets = new Map<string, BucketAccess>();

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  /** Has the SDK's request, once it was answered well, show how its bucket is reached. */
  learnFrom(command: GetObjectCommand, bucket: string, key: string): void {
    command.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const access = this.#accessFrom(args.request as SdkRequest, key);
        if (this.#buckets.size >= MAX_BUCKETS) this.#buckets.clear();
        if (access !== undefined) this.#buckets.set(bucket, access);
        return answer;
      },
      // The last of the step that signs.
      { step: 'finalizeRequest', priority: 'low', name: 'learnHowBucketIsReached' },
    );
  }

  /** Forgets what was learned: the bucket may have moved. */
  forget(bucket: string): void {
    this.#buckets.delete(bucket);
  }

  /** @returns undefined when the SDK has to ask: nothing is known of the bucket */
  async get(object: ObjectRequest, signal: AbortSignal): Promise<ObjectAnswer | undefined> {
    const access = this.#buckets.get(object.bucket);
    if (access === undefined) return undefined;
    const { config } = this.#s3;
    const { request } = access;
    const signed = await access.signer.sign(
      {
        ...request,
        path: request.path + encodeKey(object.key),
        query: {
          'x-id': 'GetObject',
          ...(object.versionId !== undefined && { versionId: object.versionId }),
        },
        headers: { ...request.headers, ...object.headers },
      },
      // The SDK finds out by how much this machine's clock is wrong.
      { signingDate: new Date(Date.now() + config.systemClockOffset) },
    );
    const { response } = (await config.requestHandler.handle(
      signed as Parameters<typeof config.requestHandler.handle>[0],
      { abortSignal: signal },
    )) as { response: ObjectAnswer };
    return response;
  }

  #accessFrom(request: SdkRequest, key: string): BucketAccess | undefined {
    const { headers, path } = request;
    const [, region, service] = SCOPE.exec(headers['authorization'] ?? '') ?? [];
    const encodedKey = encodeKey(key);
    // Directory buckets have sessions of their own.
    const usual = headers['x-amz-s3session-token'] === undefined && path.endsWith(`/${encodedKey}`);
    if (region === undefined || service === undefined || !usual) return undefined;
    const { host, 'user-agent': userAgent } = headers;
    return {
      request: {
        ...request,
        path: path.slice(0, path.length - encodedKey.length),
        headers: { ...(host && { host }), ...(userAgent && { 'user-agent': userAgent }) },
      },
      signer: new SignatureV4({
        credentials: this.#s3.config.credentials,
        region,
        service,
        sha256: this.#s3.config.sha256,
        // S3 signs a path as it is sent.
        uriEscapePath: false,
      }),
    };
  }
}

/** As S3 wants a key in a path: every byte but the unreserved ones and slashes in percent signs. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');
}
