import type { Readable } from 'node:stream';
import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { escapeKey, type Target } from '../data-path/endpoint.js';
import { createSigner } from '../data-path/sign.js';
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

/** Reads whole objects as the S3 client would, with its credentials and connections, where it is known how it reaches the bucket. */
export interface DirectReads {
  /** Watches a command; what `learnt` is called after its success tells the next reads where the bucket is. */
  watch(command: GetObjectCommand, object: ObjectName): { learnt(): void };
  /** Undefined where the client itself has to ask: of a bucket that it has not asked yet, and for what the store answers besides an object. */
  open(object: ObjectName, signal: AbortSignal): Promise<OpenedBody | undefined>;
}

/**
 * The client's middleware takes 0.6 to 0.9 ms of each download, nearly all of it to find out again what was true of the last one. So the
 * host, the path and the region are those of a request that it has sent and that succeeded, whatever settings they came from; credentials
 * and the clock's correction are the client's own, and each answer but 200 is left to it.
 */
export function createDirectReads(s3: S3Client): DirectReads {
  const routes = new Map<string, Route>();
  /** Buckets whose objects have a checksum that only the client can compute. */
  const leftToClient = new Set<string>();
  const sign = createSigner();
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
    async open({ bucket, key }, signal) {
      const route = routes.get(bucket);
      if (route === undefined) return undefined;
      const credentials = await s3.config.credentials();
      const target = { ...route.target, path: route.pathBefore + escapeKey(key) };
      const headers = sign(
        { action: 'read', method: 'GET', bucket, key, headers: { 'x-amz-checksum-mode': 'ENABLED' } },
        target,
        { credentials, region: route.region, date: new Date(Date.now() + s3.config.systemClockOffset) },
      );
      const request = { ...target, method: 'GET', headers, query: {} };
      const handled = await s3.config.requestHandler.handle(request as never, { abortSignal: signal });
      const answer = handled.response as Answer;
      const checksum = answer.statusCode === 200 ? createChecksum(answer.headers) : undefined;
      if (answer.statusCode === 200 && checksum !== 'unknown') {
        return {
          body: answer.body,
          startsAt: 0,
          totalBytes: lengthOf(answer.headers['content-length']),
          contentEncoding: answer.headers['content-encoding'],
          etag: strongEtag(answer.headers['etag']),
          checksum,
        };
      }
      routes.delete(bucket);
      answer.body.on('error', () => undefined);
      if (checksum === 'unknown') {
        leftToClient.add(bucket);
        answer.body.destroy();
      } else answer.body.resume();
      return undefined;
    },
  };
}

interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable;
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

function lengthOf(header: string | undefined): number | undefined {
  return header === undefined ? undefined : Number(header);
}
