import { inspect } from 'node:util';
import { randomBytes } from 'node:crypto';
import { loadSettings } from '../../../../../src/platform/config/load-settings.js';
import { KeyRing } from '../../../../../src/platform/crypto/key-ring.js';
import { BASE_SETTINGS } from '../../../../../src/platform/config/base-settings.js';
import { pick } from '../../../../../src/platform/config/settings-table.js';

const aKey = (): string => randomBytes(32).toString('base64');

test('the first key encrypts and every key is there to decrypt', () => {
  const ring = KeyRing.parse(`2026-02=${aKey()},2026-01=${aKey()}`);
  expect(ring.activeId).toBe('2026-02');
  expect(ring.ids).toEqual(['2026-02', '2026-01']);
  expect(ring.get('2026-01')).toBeDefined();
  expect(ring.get('2025-12')).toBeUndefined();
});

test('a mounted file may hold one key a line', () => {
  expect(KeyRing.parse(`new=${aKey()}\r\nold=${aKey()}\n\n`).ids).toEqual(['new', 'old']);
});

test('a key without its base64 padding is the same key', () => {
  const key = aKey();
  const padded = KeyRing.parse(`k=${key}`).get('k');
  const bare = KeyRing.parse(`k=${key.replace('=', '')}`).get('k');
  expect(bare && padded?.equals(bare)).toBe(true);
});

test('no way of printing a ring shows a key', () => {
  const key = aKey();
  const ring = KeyRing.parse(`k=${key}`);
  const shown = `${JSON.stringify({ ring })} ${inspect(ring, { depth: 9, showHidden: true })}`;
  expect(shown).toContain('"key_ids":["k"]');
  for (const form of [key, Buffer.from(key, 'base64').toString('hex')]) expect(shown).not.toContain(form);
});

describe('a setting that cannot be used', () => {
  const key = aKey();
  const wrong: [string, string, RegExp][] = [
    ['a key without an id', key, /entry 1 is not id=key/],
    ['an id with a blank', `my key=${key}`, /entry 1 is not id=key/],
    ['16 bytes', `k=${randomBytes(16).toString('base64')}`, /the key k is not 32 bytes in base64/],
    ['text that is not base64', `k=${'!'.repeat(44)}`, /the key k is not 32 bytes/],
    ['a placeholder of zeros', `k=${Buffer.alloc(32).toString('base64')}`, /the key k is a placeholder/],
    ['an id given twice', `k=${key},k=${aKey()}`, /the id k is there twice/],
    ['one key under two ids', `a=${key},b=${key}`, /a and b are the same key/],
    ['separators only', ',,', /there is no key/],
  ];

  test.each(wrong)('is refused for %s, with the reason and without the key', (_what, text, reason) => {
    const load = (): unknown =>
      loadSettings({ PAYLOAD_ENCRYPTION_KEYS: text }, pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS'));
    expect(load).toThrow(reason);
    try {
      load();
    } catch (error) {
      expect((error as Error).message).not.toContain(key);
      expect((error as Error).message).toContain('PAYLOAD_ENCRYPTION_KEYS');
    }
  });
});
