import { hash } from 'node:crypto';
import { amzDate, canonicalValue, createAuthorize } from '../../platform/crypto/aws-signature.js';
import { escapeUri, type Target } from './endpoint.js';
import { byteLength, type StoreRequest } from './store-request.js';

/** What signs requests; asked for each one, since those of a role expire during an upload of hours. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** @param forceRefresh what was given last is refused by the store: keep nothing of it */
export type CredentialsProvider = (options?: { forceRefresh?: boolean }) => Promise<Credentials>;

/**
 * An object's bytes are signed for by their CRC-32, which is a signed header and which the store holds against them: a SHA-256 of each part
 * would cost a fifth of all CPU time, and adds nothing over https.
 */
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const EMPTY_SHA256 = sha256('');

export interface SigningContext {
  credentials: Credentials;
  region: string;
  /** By the store's clock. */
  date: Date;
  /** Sent with the request where it is known: a bucket of another account is refused. */
  expectedBucketOwner?: string | undefined;
}

/** Of names in lower case. */
export type SignedHeaders = Record<string, string>;

/**
 * Signs requests of S3 (AWS Signature Version 4): every header that is sent is signed. Keys that are derived from a secret, a date and a
 * region are kept.
 *
 * `@smithy/signature-v4` does the same, and is what tests hold this against; its generality costs several times as much, which is nothing
 * beside a part and a fifth of all beside an object of some KB.
 */
export function createSigner(): (
  request: StoreRequest,
  target: Target,
  context: SigningContext,
) => SignedHeaders {
  const authorize = createAuthorize('s3');
  return (request, target, { credentials, region, date, expectedBucketOwner }) => {
    const time = amzDate(date);
    const headers: SignedHeaders = {
      ...request.headers,
      ...bodyHeaders(request),
      host: target.host,
      'x-amz-date': time,
    };
    if (expectedBucketOwner !== undefined) headers['x-amz-expected-bucket-owner'] = expectedBucketOwner;
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
    const names = Object.keys(headers).sort();
    const signedNames = names.join(';');
    let lines = '';
    for (const name of names) lines += `${name}:${canonicalValue(headers[name]!)}\n`;
    const canonical = `${request.method}\n${target.path}\n${canonicalQuery(request.query)}\n${lines}\n${signedNames}\n${headers['x-amz-content-sha256']!}`;
    headers['authorization'] = authorize(canonical, signedNames, { credentials, region, time });
    return headers;
  };
}

function bodyHeaders({ body, method }: StoreRequest): SignedHeaders {
  if (body === undefined) {
    const length = method === 'PUT' || method === 'POST' ? { 'content-length': '0' } : {};
    return { 'x-amz-content-sha256': EMPTY_SHA256, ...length };
  }
  if ('bytes' in body) {
    return { 'x-amz-content-sha256': UNSIGNED, 'content-length': String(byteLength(body.bytes)) };
  }
  return {
    'x-amz-content-sha256': sha256(body.document),
    'content-length': String(Buffer.byteLength(body.document)),
  };
}

function canonicalQuery(query: StoreRequest['query']): string {
  if (query === undefined) return '';
  const pairs = Object.entries(query).map(([name, value]) => [escapeUri(name), escapeUri(value)] as const);
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
