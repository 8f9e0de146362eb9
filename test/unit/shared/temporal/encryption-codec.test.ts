import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import fc from 'fast-check';
import { KeyRing } from '../../../../src/platform/crypto/key-ring.js';
import { PayloadUndecodable } from '../../../../src/temporal/encryption/payload-undecodable.js';
import {
  createEncryptionCodec,
  encryptionKeyId,
} from '../../../../src/temporal/encryption/encryption-codec.js';

const aKey = (): string => randomBytes(32).toString('base64');
const oldKey = `old=${aKey()}`;
const newKey = `new=${aKey()}`;
const codecOf = (text: string): ReturnType<typeof createEncryptionCodec> =>
  createEncryptionCodec(KeyRing.parse(text));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload ?? {});

async function sealed(
  codec = codecOf(oldKey),
  value: unknown = { test_date: '2025-12-20' },
): Promise<Payload> {
  const [payload] = await codec.encode([payloadOf(value)]);
  return payload ?? {};
}

test('any value comes back as it was', async () => {
  const codec = codecOf(oldKey);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const decoded = await codec.decode(await codec.encode(values.map(payloadOf)));
      expect(decoded.map(valueOf)).toEqual(values.map((value) => valueOf(payloadOf(value))));
    }),
  );
});

test('any bytes and metadata come back as they were', async () => {
  const codec = codecOf(oldKey);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.string(), async (data, type) => {
      const payload = { metadata: { encoding: Buffer.from('binary/plain'), type: Buffer.from(type) }, data };
      const [decoded] = await codec.decode(await codec.encode([payload]));
      expect(Buffer.from(decoded?.data ?? []).equals(data)).toBe(true);
      expect(Buffer.from(decoded?.metadata?.['type'] ?? []).toString()).toBe(Buffer.from(type).toString());
    }),
  );
});

test('nothing of the value, its type or its length class stands in the clear but the key id', async () => {
  const payload = await sealed();
  expect(Buffer.from(payload.data ?? []).toString('latin1')).not.toMatch(/test_date|2025|json/);
  expect(Object.keys(payload.metadata ?? {}).sort()).toEqual([
    'encoding',
    'encryption-cipher',
    'encryption-key-id',
  ]);
  expect(encryptionKeyId(payload)).toBe('old');
});

test('the same value is encrypted differently each time', async () => {
  const codec = codecOf(oldKey);
  const boxes = await codec.encode(Array.from({ length: 200 }, () => payloadOf('same')));
  const nonces = boxes.map(({ data }) =>
    Buffer.from(data ?? [])
      .subarray(0, 12)
      .toString('hex'),
  );
  expect(new Set(nonces).size).toBe(200);
});

test('one altered bit anywhere is noticed', async () => {
  const codec = codecOf(oldKey);
  const payload = await sealed(codec);
  const data = Buffer.from(payload.data ?? []);
  await fc.assert(
    fc.asyncProperty(fc.nat(data.length * 8 - 1), async (bit) => {
      const altered = Buffer.from(data);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(codec.decode([{ ...payload, data: altered }])).rejects.toThrow(PayloadUndecodable);
    }),
  );
});

test('a payload that was cut is noticed', async () => {
  const codec = codecOf(oldKey);
  const payload = await sealed(codec);
  for (const length of [0, 11, 27, 28, (payload.data?.length ?? 0) - 1]) {
    await expect(
      codec.decode([{ ...payload, data: payload.data?.subarray(0, length) ?? null }]),
    ).rejects.toThrow(/altered/);
  }
});

test('a payload relabelled with the id of another key is not decrypted', async () => {
  const payload = await sealed(codecOf(oldKey));
  const key = oldKey.slice('old='.length);
  const relabelled = {
    ...payload,
    metadata: { ...payload.metadata, 'encryption-key-id': Buffer.from('other') },
  };
  await expect(codecOf(`other=${key}`).decode([relabelled])).rejects.toThrow(/altered/);
});

test('after a rotation new payloads have the new key and old ones are still read', async () => {
  const before = await sealed(codecOf(oldKey), 'before');
  const rotated = codecOf(`${newKey},${oldKey}`);
  const after = await sealed(rotated, 'after');
  expect(encryptionKeyId(after)).toBe('new');
  expect((await rotated.decode([before, after])).map(valueOf)).toEqual(['before', 'after']);
});

test('a process that learnt of the new key first reads what the others still write, and they what it writes', async () => {
  const told = codecOf(`${oldKey},${newKey}`);
  const rotated = codecOf(`${newKey},${oldKey}`);
  expect(valueOf((await told.decode([await sealed(rotated, 1)]))[0])).toBe(1);
  expect(valueOf((await rotated.decode([await sealed(told, 2)]))[0])).toBe(2);
});

test('a key that was taken away is named in one sentence that says what to do', async () => {
  const payload = await sealed(codecOf(oldKey));
  await expect(codecOf(newKey).decode([payload])).rejects.toThrow(
    'A Temporal payload is encrypted with key "old", which PAYLOAD_ENCRYPTION_KEYS does not hold (it holds new). Add that key behind the active one.',
  );
});

test('another key under the same id is told apart from a missing one', async () => {
  const payload = await sealed(codecOf(oldKey));
  await expect(codecOf(`old=${aKey()}`).decode([payload])).rejects.toThrow(
    /encrypted with key "old" cannot be decrypted: the data was altered, or encrypted with another key/,
  );
});

test('a process without keys writes plain, reads plain, and says what it lacks for the rest', async () => {
  const none = createEncryptionCodec(undefined);
  const plain = payloadOf('plain');
  expect(await none.encode([plain])).toEqual([plain]);
  expect(await none.decode([plain])).toEqual([plain]);
  await expect(none.decode([await sealed()])).rejects.toThrow(
    /PAYLOAD_ENCRYPTION_KEYS does not hold \(it is not set\)/,
  );
});

test('plain payloads of runs that were open when encryption was switched on stay readable', async () => {
  const plain = payloadOf({ test_date: '2025-12-20' });
  expect(await codecOf(oldKey).decode([plain])).toEqual([plain]);
});
