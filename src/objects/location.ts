import { isSigned, storedAddress } from './address.js';
import { AddressRefused } from './errors.js';

/** Where an object lies, checked. */
export type ObjectLocation =
  /** An object that is read with the S3 client's own credentials. */
  | { kind: 's3'; bucket: string; key: string; versionId?: string }
  /** An address that is read by a plain GET: presigned, or on an allowed host. `trusted`: on the stack's own endpoint. */
  | { kind: 'url'; url: URL; trusted: boolean };

export interface LocationRules {
  /** Hosts (with a port unless it is 443) that may be read besides S3; exact names. */
  allowedHosts: readonly string[];
  /** Buckets that may be read; all when there is no list or nothing in it. */
  allowedBuckets?: readonly string[] | undefined;
  /** The S3 endpoint of the embedded stack (AWS_ENDPOINT_URL): the one address where http and loopback are fine. */
  endpointUrl?: string | undefined;
  /** Names of the settings that hold these, for messages. */
  settings?: string;
}

/** Session tokens make presigned addresses long, but not this long. */
const MAX_ADDRESS_CHARACTERS = 8_192;
/** S3's own limit. */
const MAX_KEY_BYTES = 1_024;
const BUCKET = /^[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/;
/** `bucket.` or nothing before `s3`, then FIPS, acceleration, dual stack and region as S3 writes them. */
const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:-fips|-accelerate)?(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d+)?\.amazonaws\.com(?:\.cn)?$/;

/**
 * Reads an object's address: `s3://bucket/key`, an https address of S3 (bucket in the host or in the path), or an https
 * address on an allowed host. The key of an `s3://` address is literal; that of an https address is percent-decoded.
 *
 * @throws AddressRefused when it is malformed or points anywhere else; the message never holds the query string
 */
export function parseLocation(address: string, options: LocationRules): ObjectLocation {
  if (address.length > MAX_ADDRESS_CHARACTERS) {
    throw new AddressRefused(
      `Address has ${address.length} characters, expected at most ${MAX_ADDRESS_CHARACTERS}`,
    );
  }
  // Before the URL parser, which would quietly drop tabs and line ends and trim spaces.
  if (/\p{Cc}/u.test(address) || address !== address.trim()) {
    throw new AddressRefused(`Address holds spaces around it or control characters`);
  }
  if (address.startsWith('s3://')) return parseS3Address(address, options);
  return parseUrl(address, options);
}

/** For logs and errors: as {@link storedAddress}, without a signature. */
export function describeLocation(location: ObjectLocation): string {
  return storedAddress(
    location.kind === 's3' ? `s3://${location.bucket}/${location.key}` : location.url.href,
  );
}

function parseS3Address(address: string, options: LocationRules): ObjectLocation {
  const path = address.slice('s3://'.length);
  const slash = path.indexOf('/');
  if (slash < 0) throw refused(address, 'expected s3://bucket/key');
  if (isSigned(address)) {
    throw refused(
      address,
      'an s3:// address takes no signature: give the https address, or s3://bucket/key alone',
    );
  }
  return s3Location(address, path.slice(0, slash), path.slice(slash + 1), undefined, options);
}

function parseUrl(address: string, options: LocationRules): ObjectLocation {
  if (!URL.canParse(address)) throw refused(address, 'expected an s3:// or https:// address');
  const url = new URL(address);
  url.hash = '';
  if (url.username !== '' || url.password !== '') throw refused(address, 'it holds a user name or password');

  const endpoint = options.endpointUrl === undefined ? undefined : new URL(options.endpointUrl);
  if (endpoint && url.protocol === endpoint.protocol) {
    if (url.host === endpoint.host) return objectUrl(address, url, undefined, true, options);
    if (url.host.endsWith(`.${endpoint.host}`)) {
      const bucket = url.host.slice(0, -endpoint.host.length - 1);
      return objectUrl(address, url, bucket, true, options);
    }
  }
  if (url.protocol !== 'https:') throw refused(address, 'expected https');
  const s3Host = url.port === '' ? S3_HOST.exec(url.hostname) : null;
  if (s3Host) return objectUrl(address, url, s3Host.groups?.['bucket'], false, options);
  if (options.allowedHosts.some((host) => host.toLowerCase() === url.host)) {
    return { kind: 'url', url, trusted: false };
  }
  throw refused(address, 'its host is neither S3 nor allowed');
}

/** An object named by an https address; `hostBucket` where the host names the bucket. */
function objectUrl(
  address: string,
  url: URL,
  hostBucket: string | undefined,
  trusted: boolean,
  options: LocationRules,
): ObjectLocation {
  const path = url.pathname.slice(1);
  const slash = path.indexOf('/');
  if (hostBucket === undefined && slash < 0)
    throw refused(address, 'expected a bucket and a key in its path');
  const bucket = hostBucket ?? path.slice(0, slash);
  const key = decodeKey(address, hostBucket === undefined ? path.slice(slash + 1) : path);
  const versionId = url.searchParams.get('versionId') ?? undefined;
  const location = s3Location(address, bucket, key, versionId, options);
  return isPresigned(url) ? { kind: 'url', url, trusted } : location;
}

function isPresigned({ searchParams }: URL): boolean {
  if (searchParams.has('X-Amz-Signature')) return true;
  return searchParams.has('Signature') && searchParams.has('AWSAccessKeyId');
}

function decodeKey(address: string, encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw refused(address, 'its path is not percent-encoded UTF-8');
  }
}

function s3Location(
  address: string,
  bucket: string,
  key: string,
  versionId: string | undefined,
  { allowedBuckets }: LocationRules,
): ObjectLocation {
  if (!BUCKET.test(bucket)) throw refused(address, 'its bucket is not a valid bucket name');
  if (allowedBuckets?.length && !allowedBuckets.includes(bucket))
    throw refused(address, 'its bucket is not allowed');
  const bytes = Buffer.byteLength(key);
  if (bytes === 0 || bytes > MAX_KEY_BYTES) {
    throw refused(address, `its key has ${bytes} bytes, expected 1 to ${MAX_KEY_BYTES}`);
  }
  // In an https address they come percent-encoded, past the check of the address as it was written.
  if (/\p{Cc}/u.test(key)) throw refused(address, 'its key holds control characters');
  // Something between here and S3 may resolve them, and then they lead to another bucket.
  if (key.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw refused(address, 'its key has a . or .. segment');
  }
  return { kind: 's3', bucket, key, ...(versionId !== undefined && { versionId }) };
}

function refused(address: string, why: string): AddressRefused {
  return new AddressRefused(`Address refused: ${why}: ${storedAddress(address)}`);
}
