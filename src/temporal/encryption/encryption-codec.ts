import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { KeyRing } from '../../platform/crypto/key-ring.js';
import { SealBroken, seal, unseal } from '../../platform/crypto/sealed-box.js';
import { PayloadUndecodable } from './payload-undecodable.js';

/** The metadata's names and values that Temporal's own samples use, so that tools recognise an encrypted payload. */
export const ENCRYPTED_ENCODING = 'binary/encrypted';
const ENCODING = 'encoding';
const KEY_ID = 'encryption-key-id';
const CIPHER = 'encryption-cipher';
const CIPHER_NAME = 'AES-256-GCM';

const { Payload: PayloadProto } = temporal.api.common.v1;
const utf8 = new TextDecoder();

/**
 * Encrypts every payload as a whole, its metadata included, under the ring's active key.
 *
 * Decoding lets plain payloads pass: runs that were open when encryption was switched on, and inputs that a person
 * typed into the Web UI, must stay readable.
 *
 * @param keys undefined is a codec that encrypts nothing, but says in words what is missing when it meets an encrypted
 * payload
 */
export function createEncryptionCodec(keys: KeyRing | undefined): PayloadCodec {
  return {
    encode: (payloads) =>
      Promise.resolve(keys === undefined ? payloads : payloads.map((payload) => encrypt(payload, keys))),
    decode: (payloads) =>
      new Promise((resolve) => {
        // What is thrown here rejects.
        resolve(payloads.map((payload) => decrypt(payload, keys)));
      }),
  };
}

/** The id of the key that a payload is encrypted with, or undefined for a plain one. */
export function encryptionKeyId({ metadata }: Payload): string | undefined {
  const read = (name: string): string | undefined => {
    const value = metadata?.[name];
    return value == null ? undefined : utf8.decode(value);
  };
  return read(ENCODING) === ENCRYPTED_ENCODING ? (read(KEY_ID) ?? '') : undefined;
}

function encrypt(payload: Payload, keys: KeyRing): Payload {
  const { activeId } = keys;
  const key = keys.get(activeId);
  if (key === undefined) throw new Error('A key ring lacks its own active key.');
  return {
    metadata: {
      [ENCODING]: Buffer.from(ENCRYPTED_ENCODING),
      [CIPHER]: Buffer.from(CIPHER_NAME),
      [KEY_ID]: Buffer.from(activeId),
    },
    data: seal(key, PayloadProto.encode(payload).finish(), boundTo(activeId)),
  };
}

function decrypt(payload: Payload, keys: KeyRing | undefined): Payload {
  const keyId = encryptionKeyId(payload);
  if (keyId === undefined) return payload;
  const key = keys?.get(keyId);
  if (key === undefined) throw new PayloadUndecodable(missingKey(keyId, keys), { keyId });
  try {
    return PayloadProto.decode(unseal(key, payload.data ?? new Uint8Array(), boundTo(keyId)));
  } catch (error) {
    const reason = error instanceof SealBroken ? error.message : 'its content is no payload';
    throw new PayloadUndecodable(
      `A Temporal payload encrypted with key ${JSON.stringify(keyId)} cannot be decrypted: ${reason}.`,
      { keyId, cause: error },
    );
  }
}

/** A box of another use of the same key must not pass as a payload, nor one under another id. */
const boundTo = (keyId: string): string => `vachan temporal payload ${CIPHER_NAME} ${keyId}`;

function missingKey(keyId: string, keys: KeyRing | undefined): string {
  const held = keys === undefined ? 'it is not set' : `it holds ${keys.ids.join(', ')}`;
  return `A Temporal payload is encrypted with key ${JSON.stringify(keyId)}, which PAYLOAD_ENCRYPTION_KEYS does not hold (${held}). Add that key behind the active one.`;
}
