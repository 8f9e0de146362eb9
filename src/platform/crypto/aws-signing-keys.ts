import { createHmac } from 'node:crypto';
import { RecentMap } from '../recent-map.js';

/** Regions times credentials that are in use around midnight. */
const KEPT_KEYS = 16;

/**
 * Keys that AWS Signature Version 4 derives from a secret, a day (`YYYYMMDD`), a region and a service; those in use are kept.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSigningKeys(
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

/** `20261128T235959Z`. */
export function amzDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}
