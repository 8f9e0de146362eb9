import { z } from 'zod';
import { ConfigurationError } from '../../../platform/errors.js';
import { preview } from '../../../platform/text/printable.js';
import type { AuthShape, SecretRef } from './adapter/load-adapters.js';
import { basicAuth, bearerAuth, headerAuth, noAuth, type ApiAuth } from './client/api-auth.js';
import type { HttpCaller } from './client/http-call.js';
import { oauthAuth } from './client/oauth-token.js';
import { fixedSecret, secretInFile, type Secret } from './client/secret.js';

export type Secrets = ReadonlyMap<string, string>;

/** The credentials of the settings by name: those of EXPORT_API_SECRETS, and the default source's token. @throws ConfigurationError */
export function readSecrets(settings: {
  EXPORT_API_SECRETS: string | undefined;
  EXPORT_API_TOKEN: string | undefined;
}): Secrets {
  const secrets = new Map(Object.entries(namedSecrets(settings.EXPORT_API_SECRETS)));
  if (settings.EXPORT_API_TOKEN !== undefined) secrets.set('EXPORT_API_TOKEN', settings.EXPORT_API_TOKEN);
  return secrets;
}

function namedSecrets(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.string().min(1)).parse(JSON.parse(text));
  } catch {
    // Neither the parser's complaint nor the schema's: both quote.
    throw new ConfigurationError(
      'EXPORT_API_SECRETS is (a secret, not shown); it takes a JSON object of texts, such as {"acme_token":"…"}.',
    );
  }
}

/** @throws ConfigurationError for a secret that is not there, or not fit for a header */
export function createAuth(
  name: string,
  source: string,
  shape: AuthShape,
  {
    secrets,
    caller,
    checkUrl,
  }: { secrets: Secrets; caller: HttpCaller; checkUrl: (url: URL, field: string) => void },
): ApiAuth {
  const at = (field: string): string => `auth.${field} of source ${source}`;
  const secret = (ref: SecretRef, field: string): Secret => resolveSecret(ref, at(field), secrets);
  switch (shape.type) {
    case 'none':
      return noAuth;
    case 'bearer':
      return bearerAuth(fitForHeader(secret(shape.token, 'token'), at('token')));
    case 'api_key':
      return headerAuth(shape.header.toLowerCase(), fitForHeader(secret(shape.key, 'key'), at('key')));
    case 'basic':
      return basicAuth(shape.user, secret(shape.password, 'password'));
    case 'oauth2_client_credentials': {
      const tokenUrl = new URL(shape.token_url);
      checkUrl(tokenUrl, at('token_url'));
      const { client_id: clientId, credentials_in: credentialsIn, scope, audience } = shape;
      const clientSecret = secret(shape.client_secret, 'client_secret');
      return oauthAuth(name, { tokenUrl, clientId, clientSecret, scope, audience, credentialsIn }, caller);
    }
  }
}

function resolveSecret(ref: SecretRef, where: string, secrets: Secrets): Secret {
  if ('file' in ref) return secretInFile(ref.file, where);
  const value = secrets.get(ref.secret);
  if (value === undefined) {
    throw new ConfigurationError(
      `${where} names the secret ${preview(ref.secret, 60)}, which EXPORT_API_SECRETS does not hold.`,
    );
  }
  return fixedSecret(value);
}

/** Looked at each time: a file's secret changes. */
function fitForHeader(secret: Secret, where: string): Secret {
  const checked = (): string => {
    const value = secret();
    if (/^[\x21-\x7e]+$/.test(value)) return value;
    throw new ConfigurationError(
      `${where} is (a secret, not shown), expected visible ASCII characters alone.`,
    );
  };
  checked();
  return checked;
}
