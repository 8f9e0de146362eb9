import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { escapeKey, type Target } from '../data-path/endpoint.js';
import { createSigner } from '../data-path/sign.js';
import { MalformedAnswer } from '../data-path/wire/answer-reader.js';
import { createBodyConnections, type BodyAnswer, type BodyConnection } from '../data-path/wire/body-line.js';
import { requestHead } from '../data-path/wire/request-head.js';
import type { AttemptClock } from './attempt-clock.js';
import { AttemptFailed } from './attempt-failed.js';
import { createChecksum } from './body-checksum.js';
import { strongEtag, type OpenedBody } from './object-source.js';

interface ObjectName {
  bucket: string;
  key: string;
}

/** How the S3 client last reached a bucket. */
interface Route {
  target: Omit<Target, 'path'>;
  pathBefore: string;
  region: string;
}

/** S3 closes idle connections after some 20 s; whoever closes first does not meet a request on its way. */
const IDLE_CONNECTION_MS = 15_000;

/** Reads whole objects as the S3 client would, with its credentials, where it is known how it reaches the bucket. */
export interface DirectReads {
  /** Watches a command; what `learnt` is called after its success tells the next reads where the bucket is. */
  watch(command: GetObjectCommand, object: ObjectName): { learnt(): void };
  /** Undefined where the client itself has to ask: of a bucket that it has not asked yet, and for what the store answers besides an object. */
  open(object: ObjectName, clock: AttemptClock): Promise<OpenedBody | undefined>;
  /** Lets go of its connections. */
  close(): void;
}

/**
 * The client's middleware takes 0.6 to 0.9 ms of each download, nearly all of it to find out again what was true of the last one. So the
 * host, the path and the region are those of a request that it has sent and that succeeded, whatever settings they came from; credentials
 * and the clock's correction are the client's own, and each answer but 200 is left to it. Bytes come over connections whose buffers are
 * used again: Node's client leaves half a megabyte of garbage a recording.
 */
export function createDirectReads(s3: S3Client): DirectReads {
  const routes = new Map<string, Route>();
  /** Buckets whose objects have a checksum that only the client can compute, or do not say how long they are. */
  const leftToClient = new Set<string>();
  const sign = createSigner();
  const connections = createBodyConnections(IDLE_CONNECTION_MS);
  return {
    watch(command, { bucket, key }) {
      let seen: Route | undefined;
      command.middlewareStack.add(
        (next) => (args) => {
          seen = routeOf(args.request as SentRequest, key);
          return next(args);
        },
        { step: 'deserialize', name: 'learnRoute' },
      );
      return {
        learnt() {
          if (seen !== undefined && !leftToClient.has(bucket)) routes.set(bucket, seen);
        },
      };
    },
    async open({ bucket, key }, clock) {
      const route = routes.get(bucket);
      if (route === undefined) return undefined;
      const credentials = await s3.config.credentials();
      const target = { ...route.target, path: route.pathBefore + escapeKey(key) };
      const headers = sign(
        { action: 'read', method: 'GET', bucket, key, headers: { 'x-amz-checksum-mode': 'ENABLED' } },
        target,
        { credentials, region: route.region, date: new Date(Date.now() + s3.config.systemClockOffset) },
      );
      clock.signal.throwIfAborted();
      const head = requestHead('GET', target.path, headers);
      const answer = await answerTo(head, connections.take(target), clock);
      if (answer === undefined) return undefined;
      const { statusCode, bytes, body } = answer;
      const checksum = createChecksum(answer.headers);
      if (statusCode === 200 && bytes !== undefined && checksum !== 'unknown') {
        return {
          body,
          lendsPieces: true,
          startsAt: 0,
          totalBytes: bytes,
          contentEncoding: answer.headers['content-encoding'],
          etag: strongEtag(answer.headers['etag']),
          checksum,
        };
      }
      routes.delete(bucket);
      if (statusCode === 200) leftToClient.add(bucket);
      body.destroy();
      return undefined;
    },
    close: () => connections.close(),
  };
}

/** @returns undefined where the connection had been idle and was closed meanwhile, or brings what is no answer: the client may ask */
async function answerTo(
  head: string,
  connection: BodyConnection,
  clock: AttemptClock,
): Promise<BodyAnswer | undefined> {
  const { wasIdle } = connection;
  const onAbort = (): void => connection.destroy(clock.signal.reason as Error);
  clock.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await connection.ask(head, () => clock.heard());
  } catch (error) {
    if (clock.signal.aborted) throw clock.signal.reason;
    if (wasIdle || error instanceof MalformedAnswer) return undefined;
    // Where each of several addresses failed, there is a code and no message.
    const { message, code } = error as NodeJS.ErrnoException;
    throw new AttemptFailed('cut', message || (code ?? 'no connection'), undefined, { cause: error });
  } finally {
    clock.signal.removeEventListener('abort', onAbort);
  }
}

/** The parts of a request of the SDK's that are read here. */
interface SentRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  headers: Record<string, string | undefined>;
}

/** @returns undefined for a request that could not be made alike: one that is signed otherwise, or whose path is another */
function routeOf({ protocol, hostname, port, path, headers }: SentRequest, key: string): Route | undefined {
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/s3\/aws4_request,/;
  const region = scope.exec(headers['authorization'] ?? '')?.[1];
  const escaped = escapeKey(key);
  const { host } = headers;
  if (region === undefined || host === undefined || !path.endsWith(`/${escaped}`)) return undefined;
  if (headers['x-amz-s3session-token'] !== undefined) return undefined;
  return {
    target: { protocol: protocol === 'http:' ? 'http:' : 'https:', hostname, port, host },
    pathBefore: path.slice(0, -escaped.length),
    region,
  };
}
