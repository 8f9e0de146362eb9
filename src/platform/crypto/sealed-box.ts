import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
/**
 * 96 random bits, as NIST SP 800-38D has it: with one key they stay unique beyond doubt for 2^32 boxes, and a run of
 * 100,000 records makes some 20,000.
 */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Thrown when a box was altered, cut, or sealed under another key or for another purpose. */
export class SealBroken extends Error {
  constructor() {
    super('the data was altered, or encrypted with another key of the same id');
    this.name = 'SealBroken';
  }
}

/**
 * Encrypts with AES-256-GCM.
 *
 * @param boundTo text that must be the same when the box is opened; authenticated, not stored
 * @returns nonce, ciphertext and tag, one behind the other
 */
export function seal(key: KeyObject, plain: Uint8Array, boundTo: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what {@link seal} made. @throws SealBroken when it is not exactly that */
export function unseal(key: KeyObject, box: Uint8Array, boundTo: string): Uint8Array {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken();
  const decipher = createDecipheriv(CIPHER, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    throw new SealBroken();
  }
}
