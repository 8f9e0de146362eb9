import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { ExportSource } from '../../../../src/pipelines/exports/export-api/export-source.js';
import { createExportSources } from '../../../../src/pipelines/exports/export-api/sources.js';
import { EXPORT_API_SETTINGS } from '../../../../src/pipelines/exports/settings/api-settings.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { sourcesAt, startApi, type ApiServer, type Scripted } from './api-server.js';

const READY = { id: 'e', state: 'ready' };
const READY_BYTES = Buffer.from(JSON.stringify(READY));

let api: ApiServer;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  api = await startApi({});
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await api.close();
});

function v1(): ExportSource {
  const sources = sourcesAt(api);
  closing.push(() => sources.close());
  return sources.of('default');
}

function adapter(yaml: string): ExportSource {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-adapter-'));
  const path = join(folder, 'apis.yaml');
  writeFileSync(path, `version: 1\nsources:\n  x:\n    base_url: ${api.origin}\n${yaml}`);
  const environment = {
    EXPORT_API_ADAPTER: path,
    EXPORT_API_MAX_RETRIES: '0',
    EXPORT_PRIVATE_HOSTS: api.host,
  };
  const sources = createExportSources(loadSettings(environment, EXPORT_API_SETTINGS));
  closing.push(
    () => sources.close(),
    () => rmSync(folder, { recursive: true }),
  );
  return sources.of('x');
}

const LISTING = (link: string): string => `
    status: { path: '/{export_id}', state: /state, states: { ready: ready } }
    files: { path: '/{export_id}/files', items: /files, id: /id, name: /name, paging: { type: cursor, next: /next } }
    link: ${link}
`;
const FROM_ENDPOINT = LISTING("{ from: endpoint, path: '/{export_id}/{file_id}', url: /url }");
const FROM_LISTING = LISTING('{ from: listing, url: /url }');

const bytes =
  (body: Buffer, headers: Record<string, string>): Scripted =>
  (_, response) =>
    void response.writeHead(200, headers).end(body);

test.each<[string, Scripted]>([
  ['a byte order mark', { text: `\uFEFF${READY_BYTES.toString()}` }],
  ['gzip', bytes(gzipSync(READY_BYTES), { 'content-encoding': 'gzip' })],
  ['deflate', bytes(deflateSync(READY_BYTES), { 'content-encoding': 'Deflate' })],
  ['br', bytes(brotliCompressSync(READY_BYTES), { 'content-encoding': 'br' })],
  ['no content type', bytes(READY_BYTES, {})],
  ['the name of no encoding', bytes(READY_BYTES, { 'content-encoding': 'identity' })],
  ['"accepted"', { status: 202, json: READY }],
  ['"not authoritative"', { status: 203, json: READY }],
])('a state is read from an answer with %s', async (_, answer) => {
  api.answers = [answer];
  await expect(v1().status('e')).resolves.toEqual({ state: 'ready' });
});

test.each<[string, Scripted, string]>([
  [
    'another encoding',
    bytes(READY_BYTES, { 'content-encoding': 'zstd' }),
    'Content-Encoding "zstd", expected',
  ],
  ['an encoding that it has not', bytes(READY_BYTES, { 'content-encoding': 'gzip' }), 'calls itself gzip'],
  [
    'more bytes than any should have once it is decoded',
    bytes(gzipSync(Buffer.alloc(9 * 1024 * 1024)), { 'content-encoding': 'gzip' }),
    'an answer of more than 8388608 bytes',
  ],
  ['nothing in it', { status: 204, text: '' }, 'answers 204; expected 200'],
  ['an error under 200', { json: { error: { code: 500 } } }, '/state is nothing'],
  ['a page for people', { text: '<html>secret</html>' }, '19 characters that are no JSON'],
  ['a redirect to nowhere', { status: 302 }, 'or one that leads nowhere'],
])('an answer with %s is told in a line', async (_, answer, message) => {
  api.answers = [answer];
  const error = await v1()
    .status('e')
    .catch((caught: unknown) => caught as Error);
  expect(error).toMatchObject({ name: 'ApiAnswerInvalid', retryable: true });
  expect((error as Error).message).toContain(message);
  expect((error as Error).message).not.toMatch(/secret|\n/);
});

test('a page that is not there yet is waited for, and one that calls itself a part is read', async () => {
  api.answers = [
    { status: 202, text: '' },
    { status: 206, json: { files: [], next_cursor: null } },
  ];
  await expect(v1().page('e', undefined)).rejects.toMatchObject({ name: 'ExportNotReady' });
  await expect(v1().page('e', undefined)).resolves.toEqual({ files: [], next: undefined });
});

test('a link that is not there yet is asked for again', async () => {
  api.answers = [{ status: 202, headers: { 'retry-after': '7' }, text: '' }];
  await expect(v1().link('e', 'f')).rejects.toMatchObject({ name: 'ApiUnavailable', retryAfterMs: 7_000 });
});

test.each([['/bytes/1?sig=s'], ['//127.0.0.1:1/bytes']])(
  'an adapter takes a link without its host, %s, the default contract does not',
  async (url) => {
    api.answers = [{ json: { url, download: { url } } }];
    const link = await adapter(FROM_ENDPOINT).link('e', 'f');
    expect(link.url).toBe(new URL(url, api.origin).href);
    await expect(v1().link('e', 'f')).rejects.toMatchObject({ reason: 'link_refused' });
  },
);

test('a file that is listed without a link is refused by itself, and costs no other one', async () => {
  const files = [
    { id: 'a', name: 'a' },
    { id: 'b', name: 'b', url: 'ftp://secret.example/x' },
    { id: 'c', name: 'c', url: 'https://store.example/c' },
  ];
  api.answers = [{ json: { files } }];
  const source = adapter(FROM_LISTING);
  expect((await source.page('e', undefined)).files).toHaveLength(3);
  for (const id of ['a', 'b']) {
    await expect(source.link('e', id)).rejects.toMatchObject({
      reason: 'link_refused',
      message: expect.not.stringContaining('secret') as string,
    });
  }
  await expect(source.link('e', 'c')).resolves.toMatchObject({ url: 'https://store.example/c' });
});

test('a call that should redirect to the bytes and answers them is told so', async () => {
  api.answers = [{ text: 'PK' }];
  const source = adapter(LISTING("{ from: redirect, path: '/{export_id}/{file_id}' }"));
  await expect(source.link('e', 'f')).rejects.toThrow('answers 200, expected a redirect');
});
