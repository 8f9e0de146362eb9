import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { KEY_RING_EXPECTS, KeyRing } from '../crypto/key-ring.js';
import { SIGNING_SECRETS_EXPECT, SigningSecrets } from '../crypto/signing-secrets.js';
import { readDatabaseUri } from './database-uri.js';
import { optionalUnless, type Described, type Setting, type ValueOf } from './setting.js';

/** Marks an issue whose message may stand in a message about a secret. */
export const SHOWABLE = { showable: true };

/** A database's address; always a secret, since it holds a password. */
export function databaseUri<const D extends Described>(
  described: D,
  protocols: readonly string[],
): Setting<ValueOf<string, D>> {
  const schema = z.string().transform((value, context) => {
    const uri = readDatabaseUri(value, protocols);
    if ('uri' in uri) return uri.uri;
    context.addIssue({
      code: 'custom',
      message: uri.problem,
      params: SHOWABLE,
    });
    return z.NEVER;
  });
  return optionalUnless(
    schema,
    `an address that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    { ...described, secret: true },
  );
}

/** Shorter than what a person or a dictionary might guess is no secret. */
const TOKEN_MIN_CHARACTERS = 32;

/** A bearer token; always a secret. */
export function token<const D extends Described>(described: D): Setting<ValueOf<string, D>> {
  const schema = z
    .string()
    .regex(/^[A-Za-z0-9._~+/=-]+$/)
    .min(TOKEN_MIN_CHARACTERS);
  const expects = `at least ${TOKEN_MIN_CHARACTERS} letters, digits and -._~+/=`;
  return optionalUnless(schema, expects, { ...described, secret: true });
}

/** Certificates in PEM; usually mounted, as `NAME_FILE`. */
export function certificates<const D extends Described>(described: D): Setting<ValueOf<string, D>> {
  const schema = z.string().refine(isPem);
  const expects = 'certificates in PEM (-----BEGIN CERTIFICATE-----…)';
  // Public, but pages long: not for a message.
  return optionalUnless(schema, expects, { ...described, secret: true });
}

function isPem(text: string): boolean {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return found.map((pem) => new X509Certificate(pem)).length > 0;
  } catch {
    return false;
  }
}

/** Named encryption keys, see {@link KeyRing}; always a secret. */
export function keyRing<const D extends Described>(described: D): Setting<ValueOf<KeyRing, D>> {
  return parsedSecret((value) => KeyRing.parse(value), KEY_RING_EXPECTS, described);
}

/** Secrets that sign, see {@link SigningSecrets}; always a secret. */
export function signingSecrets<const D extends Described>(described: D): Setting<ValueOf<SigningSecrets, D>> {
  return parsedSecret((value) => SigningSecrets.parse(value), SIGNING_SECRETS_EXPECT, described);
}

/** @param parse throws an Error whose message shows nothing of the value */
function parsedSecret<T, const D extends Described>(
  parse: (value: string) => T,
  expects: string,
  described: D,
): Setting<ValueOf<T, D>> {
  const schema = z.string().transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message, params: SHOWABLE });
      return z.NEVER;
    }
  });
  return optionalUnless(schema, expects, { ...described, secret: true });
}
