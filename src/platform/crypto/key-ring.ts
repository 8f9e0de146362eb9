import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;
/**
 * An id stands in the clear, in payloads and in messages. It is shorter than a key, so that a key whose id was forgotten
 * (`<base64>=`) is never taken for one.
 */
const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;

/** What a setting with keys takes, for messages about a wrong one. */
export const KEY_RING_EXPECTS =
  'id=key pairs, separated by commas or lines; a key is 32 bytes in base64 (openssl rand -base64 32), and the first one encrypts';

/**
 * Named AES-256 keys, of which the first encrypts and all decrypt.
 *
 * Keys are held as opaque `KeyObject`s: printing, serialising or logging a ring shows ids only.
 */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** Names the key that encrypts. */
  readonly activeId: string;

  private constructor(activeId: string, keys: ReadonlyMap<string, KeyObject>) {
    this.activeId = activeId;
    this.#keys = keys;
  }

  /**
   * Reads a setting's text.
   *
   * @throws Error that says what is wrong with which entry, by its place or id, and never shows a key
   */
  static parse(text: string): KeyRing {
    const entries = text
      .split(/[,\r\n]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const keys = new Map<string, KeyObject>();
    const bytesOf = new Map<string, Buffer>();
    for (const [index, entry] of entries.entries()) {
      const separator = entry.indexOf('=');
      const id = entry.slice(0, Math.max(0, separator));
      // What stands before the separator may be a key whose id was forgotten: it is not quoted.
      if (!KEY_ID.test(id)) throw new Error(`entry ${index + 1} is not id=key`);
      if (keys.has(id)) throw new Error(`the id ${id} is there twice`);
      const bytes = keyBytes(entry.slice(separator + 1), id);
      for (const [otherId, other] of bytesOf) {
        if (timingSafeEqual(other, bytes)) throw new Error(`${otherId} and ${id} are the same key`);
      }
      bytesOf.set(id, bytes);
      keys.set(id, createSecretKey(bytes));
    }
    const [activeId] = keys.keys();
    if (activeId === undefined) throw new Error('there is no key');
    for (const bytes of bytesOf.values()) bytes.fill(0);
    return new KeyRing(activeId, keys);
  }

  /** Every id, the active one first. */
  get ids(): string[] {
    return [...this.#keys.keys()];
  }

  get(id: string): KeyObject | undefined {
    return this.#keys.get(id);
  }

  toJSON(): { key_ids: string[] } {
    return { key_ids: this.ids };
  }
}

function keyBytes(text: string, id: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (!BASE64.test(text) || bytes.length !== KEY_BYTES) {
    throw new Error(`the key ${id} is not ${KEY_BYTES} bytes in base64`);
  }
  // All bytes alike is a placeholder, never the output of a random generator.
  if (bytes.every((byte) => byte === bytes[0])) throw new Error(`the key ${id} is a placeholder`);
  return bytes;
}
