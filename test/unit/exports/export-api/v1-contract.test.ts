import type { ExportSource } from '../../../../src/pipelines/exports/export-api/export-source.js';
import type { ExportSources } from '../../../../src/pipelines/exports/export-api/sources.js';
import { sourcesAt, startApi, type ApiServer, type Scripted } from './api-server.js';

const READY = {
  id: 'e1',
  state: 'ready',
  created_at: '2026-11-27T10:00:00Z',
  file_count: 2,
  unknown_field: [1],
};
const FILE = { id: 'f1', name: 'a.zip', size: 10 };

describe('the default contract', () => {
  let api: ApiServer;
  let sources: ExportSources;
  let source: ExportSource;

  beforeEach(async () => {
    api = await startApi({ json: READY });
    sources = sourcesAt(api);
    source = sources.of('default', 'corr-7');
  });
  afterEach(async () => {
    sources.close();
    await api.close();
  });

  const answering = (...answers: Scripted[]): void => {
    api.answers = answers;
  };

  it('reads a state, passes over unknown fields, and says who asks and about what', async () => {
    answering({ json: { ...READY, id: 'a/b é', poll_after_seconds: 3, error: { code: 'x', message: 'y' } } });
    await expect(source.status('a/b é')).resolves.toEqual({
      state: 'ready',
      createdAt: '2026-11-27T10:00:00Z',
      fileCount: 2,
      pollAfterSeconds: 3,
      error: { code: 'x', message: 'y' },
    });
    const { url, headers } = api.requests.at(-1)!;
    expect(url).toBe('/v1/exports/a%2Fb%20%C3%A9');
    expect(headers).toMatchObject({
      authorization: 'Bearer token-of-the-test',
      'x-correlation-id': 'corr-7',
    });
  });

  it.each([
    [{ state: 'done' }, '/state is "done", expected one of queued, processing, ready'],
    [{ state: 7 }, '/state is 7, expected a text'],
    [{ state: 'ready', file_count: '2' }, '/file_count is "2", expected a whole number'],
    [{ state: 'ready', created_at: 'yesterday' }, '/created_at is "yesterday", expected an RFC 3339 time'],
    [{ state: 'ready', id: 'e2' }, '/id is a text of 2 characters, expected the id that was asked for'],
    [[], '/state is nothing'],
  ])('names the wrong field of a state: %j', async (json, message) => {
    answering({ json });
    await expect(source.status('e1')).rejects.toMatchObject({
      name: 'ApiAnswerInvalid',
      retryable: true,
      message: expect.stringContaining(message) as string,
    });
  });

  it('quotes nothing of an answer that is no JSON', async () => {
    answering({ text: '<html>secret</html>' });
    await expect(source.status('e1')).rejects.toThrow('19 characters that are no JSON');
  });

  it.each([
    [404, {}, { name: 'JobRefused', reason: 'export_unknown' }],
    [400, { code: 'bad_id' }, { name: 'JobRefused', reason: 'export_unknown' }],
    [401, {}, { name: 'JobRefused', reason: 'access_denied' }],
    [403, { code: 'no' }, { name: 'JobRefused', reason: 'access_denied' }],
    [410, {}, { name: 'JobRefused', reason: 'export_expired' }],
    [409, { code: 'export_cancelled' }, { name: 'JobRefused', reason: 'export_cancelled' }],
    [500, {}, { name: 'ApiFault', retryable: true }],
    [429, {}, { name: 'ApiThrottled', retryable: true, retryAfterMs: 1000 }],
    [418, {}, { name: 'ApiAnswerInvalid', retryable: true }],
  ])('takes %i %j for a state as what it means', async (status, problem, error) => {
    answering({ status, json: problem });
    await expect(source.status('e1')).rejects.toMatchObject(error);
  });

  it('reads pages to the end, empty ones among them', async () => {
    const checksum = { algorithm: 'crc32', value: 'cbf43926' };
    answering(
      { json: { files: [{ ...FILE, checksum, entry_count: 3 }], next_cursor: 'c 1' } },
      { json: { files: [], next_cursor: 'c2' } },
      { json: { files: [FILE], next_cursor: null } },
    );
    await expect(source.page('e1', undefined)).resolves.toEqual({
      files: [{ ...FILE, checksum, entryCount: 3 }],
      next: 'c 1',
    });
    await expect(source.page('e1', 'c 1')).resolves.toEqual({ files: [], next: 'c2' });
    await expect(source.page('e1', 'c2')).resolves.toMatchObject({ next: undefined });
    expect(api.requests.map(({ url }) => url)).toEqual([
      '/v1/exports/e1/files?limit=1000',
      '/v1/exports/e1/files?limit=1000&cursor=c+1',
      '/v1/exports/e1/files?limit=1000&cursor=c2',
    ]);
  });

  it.each([
    [{ files: [FILE] }, '/next_cursor is nothing, expected a text, or null at the end'],
    [{ files: {}, next_cursor: null }, '/files is an object, expected a list'],
    [
      { files: [FILE, { ...FILE, size: -1 }], next_cursor: null },
      '/files/1/size is -1, expected a whole number',
    ],
    [{ files: [{ id: 'f' }], next_cursor: null }, '/files/0/name is nothing'],
    [{ files: [{ ...FILE, name: '' }], next_cursor: null }, '/files/0/name is a text of 0 characters'],
    [
      { files: [{ ...FILE, checksum: { algorithm: 'md5', value: 'abc' } }], next_cursor: null },
      '/files/0/checksum/value is a text of 3 characters, expected a md5 of 16 bytes',
    ],
    [{ files: [FILE], next_cursor: 'x'.repeat(5000) }, 'the next cursor has 5000 characters'],
  ])('names the wrong field of a page: %#', async (json, message) => {
    answering({ json });
    await expect(source.page('e1', undefined)).rejects.toMatchObject({
      name: 'ApiAnswerInvalid',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    [409, { code: 'not_ready' }, undefined, { name: 'ExportNotReady' }],
    [400, { code: 'cursor_invalid' }, 'c', { name: 'CursorExpired', code: 'cursor_invalid' }],
    [410, { code: 'cursor_expired' }, 'c', { name: 'CursorExpired', code: 'cursor_expired' }],
    [410, {}, undefined, { name: 'JobRefused', reason: 'export_expired' }],
    [400, { code: 'limit_invalid' }, undefined, { name: 'ApiAnswerInvalid' }],
  ])('takes %i %j for a page (cursor %j) as what it means', async (status, problem, cursor, error) => {
    answering({ status, json: problem });
    await expect(source.page('e1', cursor)).rejects.toMatchObject(error);
  });

  it('gives a link with its headers, and the bearer only to its own origin', async () => {
    const elsewhere = { url: 'https://store.example/x?sig=1', headers: { 'x-key': 'k', range: 'bytes=0-1' } };
    answering({ json: { ...FILE, download: elsewhere } });
    await expect(source.link('e1', 'f/1')).resolves.toEqual({
      url: elsewhere.url,
      headers: { 'x-key': 'k' },
    });
    expect(api.requests[0]!.url).toBe('/v1/exports/e1/files/f%2F1');
    answering({
      json: { ...FILE, download: { url: `${api.origin}/bytes`, expires_at: '2026-11-27T10:00:00Z' } },
    });
    await expect(source.link('e1', 'f1')).resolves.toEqual({
      url: `${api.origin}/bytes`,
      expiresAt: '2026-11-27T10:00:00Z',
      headers: { authorization: 'Bearer token-of-the-test' },
    });
  });

  it.each([
    [404, { name: 'FileRefused', reason: 'gone' }],
    [410, { name: 'FileRefused', reason: 'gone' }],
    [403, { name: 'FileRefused', reason: 'link_refused' }],
    [409, { name: 'ApiUnavailable' }],
    [503, { name: 'ApiFault' }],
  ])('takes %i for a link as what it means', async (status, error) => {
    answering({ status, json: {} });
    await expect(source.link('e1', 'f1')).rejects.toMatchObject(error);
  });

  it('shows nothing of a link that is none', async () => {
    answering({ json: { ...FILE, download: { url: 'ftp://secret.example/x?sig=1' } } });
    await expect(source.link('e1', 'f1')).rejects.toThrow(
      '/download/url is a text of 28 characters, expected',
    );
  });

  it('asks for nothing under an id that a path drops', async () => {
    await expect(source.status('..')).rejects.toMatchObject({ reason: 'export_unknown' });
    await expect(source.link('e1', '.')).rejects.toMatchObject({ reason: 'link_refused' });
    expect(api.requests).toEqual([]);
  });

  it('follows redirects within the origin, and none with the bearer to another', async () => {
    answering({ status: 302, headers: { location: '/moved' } }, { json: READY });
    await expect(source.status('e1')).resolves.toMatchObject({ state: 'ready' });
    expect(api.requests.at(-1)!.url).toBe('/moved');
    const other = await startApi({ json: READY });
    answering({ status: 302, headers: { location: `${other.origin}/x` } });
    await expect(source.status('e1')).rejects.toThrow('a redirect to another origin, which is not followed');
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('tells how a job ended where the setting says so', async () => {
    expect(source).not.toHaveProperty('acknowledge');
    const telling = sourcesAt(api, { EXPORT_API_ACKNOWLEDGE: 'true' });
    answering({ status: 204, text: '' });
    const result = { result: 'partial', result_url: 's3://b/r.json' } as const;
    await telling.of('default').acknowledge!('e1', result);
    expect(api.requests[0]).toMatchObject({
      method: 'POST',
      url: '/v1/exports/e1/acknowledgement',
      body: JSON.stringify(result),
    });
    telling.close();
  });
});
