/** Where a request goes. */
export interface Target {
  protocol: 'http:' | 'https:';
  hostname: string;
  port: number | undefined;
  /** As the `Host` header and the signature have it. */
  host: string;
  /** Percent-encoded. */
  path: string;
}

/**
 * Finds a bucket's host and an object's path: at a configured endpoint the bucket stands in the path, at AWS in the host. A bucket with a
 * dot stands in the path too, since no certificate covers its host.
 */
export function createTargets(
  endpointUrl: string | undefined,
): (region: string, bucket: string, key?: string) => Target {
  const endpoint = endpointUrl === undefined ? undefined : new URL(endpointUrl);
  return (region, bucket, key = '') => {
    if (endpoint !== undefined) {
      return {
        protocol: endpoint.protocol === 'http:' ? 'http:' : 'https:',
        // An IPv6 address stands in brackets in a URL alone.
        hostname: endpoint.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: endpoint.port === '' ? undefined : Number(endpoint.port),
        host: endpoint.host,
        path: `${endpoint.pathname.replace(/\/$/, '')}/${bucket}/${escapeKey(key)}`,
      };
    }
    const s3 = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
    const inPath = bucket.includes('.');
    const host = inPath ? s3 : `${bucket}.${s3}`;
    const path = inPath ? `/${bucket}/${escapeKey(key)}` : `/${escapeKey(key)}`;
    return { protocol: 'https:', hostname: host, port: undefined, host, path };
  };
}

/** A key as it stands in a path. */
export function escapeKey(key: string): string {
  return key.split('/').map(escapeUri).join('/');
}

/** As SigV4 wants it: all but letters, digits, `-`, `.`, `_` and `~`. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function queryString(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${escapeUri(name)}=${escapeUri(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
