import { createHmac, hash } from 'node:crypto';
import { RecentMap } from '../recent-map.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Regions times credentials that are in use around midnight. */
const KEPT_KEYS = 16;

/** Keys that are derived from a secret, a day (`YYYYMMDD`), a region and a service; those in use are kept. */
function createSigningKeys(
  service: string,
): (credentials: { secretAccessKey: string }, day: string, region: string) => Buffer {
  const kept = new RecentMap<Buffer>(KEPT_KEYS);
  return ({ secretAccessKey }, day, region) => {
    const name = `${day} ${region} ${secretAccessKey}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    let key: string | Buffer = `AWS4${secretAccessKey}`;
    for (const step of [day, region, service, 'aws4_request'])
      key = createHmac('sha256', key).update(step).digest();
    kept.set(name, key as Buffer);
    return key as Buffer;
  };
}

/** Signs a canonical request. @returns the header `authorization` */
export type Authorize = (
  canonicalRequest: string,
  signedHeaders: string,
  context: {
    credentials: { accessKeyId: string; secretAccessKey: string };
    region: string;
    /** By {@link amzDate}. */
    time: string;
  },
) => string;

/**
 * Signs for a service as AWS Signature Version 4 asks for.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createAuthorize(service: string): Authorize {
  const keyOf = createSigningKeys(service);
  return (canonicalRequest, signedHeaders, { credentials, region, time }) => {
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/${service}/aws4_request`;
    const signature = createHmac('sha256', keyOf(credentials, day, region))
      .update(`${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonicalRequest, 'hex')}`)
      .digest('hex');
    return `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  };
}

/** As `x-amz-date` has it: `20261128T235959Z`. */
export function amzDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

const ODD_SPACES = /^\s|\s\s|[^\S ]|\s$/;

/** A header's value with spaces as the service sees them: none at the ends, one where there are several. */
export function canonicalValue(value: string): string {
  return ODD_SPACES.test(value) ? value.trim().replace(/\s+/g, ' ') : value;
}
