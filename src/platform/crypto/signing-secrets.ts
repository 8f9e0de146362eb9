import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** By Standard Webhooks: 24 to 64 bytes in base64, after a prefix by which scanners of code know a secret. */
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const BYTES = { min: 24, max: 64 };
const MOST_SECRETS = 2;

/** What a setting with secrets takes, for messages about a wrong one. */
export const SIGNING_SECRETS_EXPECT =
  'whsec_ and 24 to 64 bytes in base64 (echo "whsec_$(openssl rand -base64 32)"); while one is exchanged both, separated by a comma';

/**
 * One secret that signs, or two while one takes the other's place: then there are two signatures, and receivers take either.
 *
 * Secrets are held as opaque `KeyObject`s: printing, serialising or logging them shows nothing.
 */
export class SigningSecrets {
  readonly #keys: readonly KeyObject[];

  private constructor(keys: readonly KeyObject[]) {
    this.#keys = keys;
  }

  /**
   * Reads a setting's text.
   *
   * @throws Error that says what is wrong with which secret, by its place, and never shows one
   */
  static parse(text: string): SigningSecrets {
    const entries = text.split(',').map((entry) => entry.trim());
    if (entries.length > MOST_SECRETS) throw new Error(`there are ${entries.length} secrets`);
    const secrets = entries.map((entry, index) => {
      const [, base64] = SECRET.exec(entry) ?? [];
      if (base64 === undefined) throw new Error(`secret ${index + 1} is not whsec_ and base64`);
      const bytes = Buffer.from(base64, 'base64');
      if (bytes.length < BYTES.min || bytes.length > BYTES.max) {
        throw new Error(`secret ${index + 1} has ${bytes.length} bytes, not ${BYTES.min} to ${BYTES.max}`);
      }
      return bytes;
    });
    const [first, second] = secrets;
    if (second !== undefined && first!.length === second.length && timingSafeEqual(first!, second)) {
      throw new Error('both secrets are the same');
    }
    return new SigningSecrets(secrets.map((bytes) => createSecretKey(bytes)));
  }

  /** HMAC-SHA256 in base64, one for each secret. */
  sign(text: string): string[] {
    return this.#keys.map((key) => createHmac('sha256', key).update(text, 'utf8').digest('base64'));
  }
}
