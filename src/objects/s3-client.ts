import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { s3Address, type S3Settings } from './s3-settings.js';

/** What a client of S3 waits for, and how long. */
export interface S3Limits {
  /** To have a connection. */
  connectTimeoutMs: number;
  /** One attempt at a call, from its start to the last byte of its answer. Undefined where the caller keeps the time. */
  attemptTimeoutMs: number | undefined;
  /** Attempts at a call in all, with the SDK's pauses between them. */
  maxAttempts: number;
  /** Connections open at one time; further calls wait for one. */
  maxSockets: number;
}

/** Calls beside downloads are few: a batch's CSV object, a look at a bucket. */
const MAX_SOCKETS = 16;

/**
 * The one place where clients of S3 are made, so that none can wait without end: the SDK's own defaults have no limit on
 * an answer that never comes. `destroy()` belongs to the caller.
 *
 * @param config region, endpoint and credentials; the endpoint must be given where AWS_ENDPOINT_URL is set, since it decides
 * how buckets are addressed
 */
export function createS3Client(limits: S3Limits, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    maxAttempts: limits.maxAttempts,
    // The embedded stack has one host for all buckets.
    ...(config.endpoint !== undefined && { forcePathStyle: true }),
    ...config,
    requestHandler: new BoundedHandler(limits),
  });
}

/** A client for all but downloads, within the limits that the settings give an attempt. */
export function connectS3(settings: S3Settings): S3Client {
  return createS3Client(
    {
      connectTimeoutMs: settings.S3_CONNECT_TIMEOUT_SECONDS * 1000,
      attemptTimeoutMs: settings.S3_TIMEOUT_SECONDS * 1000,
      maxAttempts: settings.S3_MAX_RETRIES + 1,
      maxSockets: MAX_SOCKETS,
    },
    s3Address(settings),
  );
}

/** Cuts an attempt whose time is over, wherever it hangs: connecting, sending, waiting, or in the answer's body. */
class BoundedHandler extends NodeHttpHandler {
  readonly #attemptTimeoutMs: number | undefined;

  constructor({ connectTimeoutMs, attemptTimeoutMs, maxSockets }: S3Limits) {
    super({
      connectionTimeout: connectTimeoutMs,
      httpsAgent: { maxSockets },
      httpAgent: { maxSockets },
    });
    this.#attemptTimeoutMs = attemptTimeoutMs;
  }

  override async handle(
    ...[request, options = {}]: Parameters<NodeHttpHandler['handle']>
  ): ReturnType<NodeHttpHandler['handle']> {
    const attemptTimeoutMs = this.#attemptTimeoutMs;
    if (attemptTimeoutMs === undefined) return super.handle(request, options);
    const { abortSignal } = options as { abortSignal?: AbortSignal };
    const cut = new AbortController();
    const onCallerAbort = (): void => cut.abort();
    abortSignal?.addEventListener('abort', onCallerAbort, { once: true });
    if (abortSignal?.aborted === true) cut.abort();
    // By this name the SDK knows that another attempt may help.
    const late = Object.assign(new Error(`no answer within ${attemptTimeoutMs / 1000} s`), {
      name: 'TimeoutError',
    });
    const timer = setTimeout(() => cut.abort(late), attemptTimeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      abortSignal?.removeEventListener('abort', onCallerAbort);
    };
    try {
      const answer = await super.handle(request, { ...options, abortSignal: cut.signal });
      // Its body is still to come, within the same time.
      (answer.response.body as NodeJS.EventEmitter).once('close', stop);
      return answer;
    } catch (error) {
      stop();
      throw cut.signal.reason === late ? late : error;
    }
  }
}
