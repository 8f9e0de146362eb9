import type { Secret } from './secret.js';

/** How calls of one API say who calls. */
export interface ApiAuth {
  /** @throws ApiUnavailable when a token cannot be had */
  headers(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Called when the API refused these headers (401). @returns true when others can be had at once */
  refused(headers: Readonly<Record<string, string>>): boolean;
}

export const noAuth: ApiAuth = { headers: () => Promise.resolve({}), refused: () => false };

export function bearerAuth(token: Secret): ApiAuth {
  return headerAuth('authorization', () => `Bearer ${token()}`);
}

/** @param value must be fit for a header: visible ASCII characters */
export function headerAuth(name: string, value: Secret): ApiAuth {
  const headers = (): Record<string, string> => ({ [name]: value() });
  return {
    headers: () => Promise.resolve().then(headers),
    // A file may hold a newer one by now.
    refused: (sent) => sent[name] !== value(),
  };
}

export function basicAuth(user: string, password: Secret): ApiAuth {
  return headerAuth(
    'authorization',
    () => `Basic ${Buffer.from(`${user}:${password()}`, 'utf8').toString('base64')}`,
  );
}
