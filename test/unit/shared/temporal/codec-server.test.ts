import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { KeyRing } from '../../../../src/platform/crypto/key-ring.js';
import { ConfigurationError } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import {
  startCodecServer,
  type CodecServer,
} from '../../../../src/temporal/codec-server/start-codec-server.js';
import { writePayloads } from '../../../../src/temporal/codec-server/wire-payloads.js';
import { createEncryptionCodec } from '../../../../src/temporal/encryption/encryption-codec.js';

const TOKEN = randomBytes(24).toString('hex');
const UI = 'https://temporal.example.org';
const keyText = `k1=${randomBytes(32).toString('base64')}`;
const codec = createEncryptionCodec(KeyRing.parse(keyText));
const plain = writePayloads([defaultPayloadConverter.toPayload({ test_date: '2025-12-20' })]);

const logs = recordingLogger();
let server: CodecServer;
beforeAll(async () => {
  server = await startCodecServer({
    ...{ host: '127.0.0.1', port: 0, token: TOKEN, uiOrigin: UI, codec },
    log: logs,
  });
});
afterAll(() => server.close());

const authorized = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

function ask(path: string, body: unknown, headers: Record<string, string> = authorized): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${server.url}${path}`, { method: 'POST', headers, body: text });
}

test('what is encoded is encrypted, and decoded it is what it was', async () => {
  const encoded = (await (await ask('/encode', plain)).json()) as typeof plain;
  expect(Buffer.from(encoded.payloads[0]?.metadata?.['encoding'] ?? '', 'base64').toString()).toBe(
    'binary/encrypted',
  );
  const answer = await ask('/decode', encoded, { ...authorized, 'x-namespace': 'default' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toEqual(plain);
});

describe('without the token', () => {
  const wrong: [string, Record<string, string>][] = [
    ['nothing', {}],
    ['another token', { authorization: `Bearer ${'0'.repeat(TOKEN.length)}` }],
    ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['the token and more', { authorization: `Bearer ${TOKEN}0` }],
    ['the token as a password', { authorization: `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}` }],
    ['an empty token', { authorization: 'Bearer ' }],
  ];

  test.each(wrong)('%s is answered with 401 and nothing else', async (_what, headers) => {
    for (const path of ['/decode', '/encode', '/elsewhere']) {
      const answer = await ask(path, plain, { 'content-type': 'application/json', ...headers });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ message: 'The bearer token is missing or wrong.' });
    }
  });

  test('not even the address may carry it', async () => {
    const answer = await ask(`/decode?access_token=${TOKEN}`, plain, { 'content-type': 'application/json' });
    expect(answer.status).toBe(401);
  });
});

describe('for pages in a browser', () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(`${server.url}/decode`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  test("the Web UI's origin is told that it may ask, by name", async () => {
    const answer = await preflight(UI);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  test.each([
    'https://evil.example',
    `${UI}.evil.example`,
    UI.replace('https', 'http'),
    `${UI}:8443`,
    'null',
    '*',
  ])('%s is refused, with the token too', async (origin) => {
    const before = await preflight(origin);
    expect(before.status).toBe(403);
    expect(before.headers.get('access-control-allow-origin')).toBeNull();
    const answer = await ask('/decode', plain, { ...authorized, origin });
    expect(answer.status).toBe(403);
  });
});

describe('a request that cannot be served', () => {
  const bodies: [string, string, number, RegExp][] = [
    ['text that is not JSON', '{"payloads": student-4711', 400, /not JSON/],
    [
      'another shape',
      '{"payloads":[{"data":"student-4711 !"}]}',
      400,
      /bytes in base64 \(at payloads\.0\.data\)/,
    ],
    ['no payloads', '{}', 400, /at payloads/],
    ['a key of the prototype', '{"__proto__":{"payloads":[]},"payloads":[]}', 400, /not JSON/],
    [
      'more than the limit',
      JSON.stringify({ payloads: [{ data: 'A'.repeat(7 << 20) }] }),
      413,
      /larger than/,
    ],
    ['deep nesting', '['.repeat(200_000) + ']'.repeat(200_000), 400, /payloads/],
  ];

  test.each(bodies)('is refused for %s, without quoting it', async (_what, body, status, message) => {
    const answer = await ask('/decode', body);
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(text).toMatch(message);
    expect(text).not.toContain('4711');
  });

  test('is refused for another content type, which pages may send unasked', async () => {
    const answer = await ask('/decode', plain, { ...authorized, 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
  });

  test('is refused for a key that the server lacks, which it names', async () => {
    const other = createEncryptionCodec(KeyRing.parse(`k9=${randomBytes(32).toString('base64')}`));
    const sealed = await other.encode([defaultPayloadConverter.toPayload('x')]);
    const answer = await ask('/decode', writePayloads(sealed));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('encrypted with key \\"k9\\"');
  });

  test('changes nothing by GET', async () => {
    const answer = await fetch(`${server.url}/decode`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(404);
  });
});

test('refusals are logged, tokens and payloads are not', () => {
  const written = logs.text.join('');
  expect(written).toContain('codec_request_refused');
  for (const secret of [TOKEN, keyText.slice(3), '4711', '2025-12-20']) expect(written).not.toContain(secret);
});

test('a taken port is one clear error', async () => {
  const port = Number(new URL(server.url).port);
  const again = startCodecServer({
    ...{ host: '127.0.0.1', port, token: TOKEN, uiOrigin: undefined, codec },
    log: logs,
  });
  await expect(again).rejects.toThrow(ConfigurationError);
});
