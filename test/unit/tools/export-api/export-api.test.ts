import { contentOfBuffer } from '#tools/export-api/content.js';
import { startExportApi, type ExportApi } from '#tools/export-api/start-export-api.js';

const BYTES = Buffer.from(Array.from({ length: 100 }, (_, index) => index));

let api: ExportApi;
beforeEach(async () => {
  api = await startExportApi();
});
afterEach(() => api.stop());

const file = (
  id: string,
  bytes = BYTES,
): { id: string; name: string; content: ReturnType<typeof contentOfBuffer> } => ({
  ...{ id, name: `${id}.zip` },
  content: contentOfBuffer(bytes),
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL(path, api.url), { headers: { authorization: `Bearer ${api.token}`, ...headers } });

async function link(exportId: string, fileId: string): Promise<string> {
  const answer = await get(`/v1/exports/${encodeURIComponent(exportId)}/files/${encodeURIComponent(fileId)}`);
  return ((await answer.json()) as { download: { url: string } }).download.url;
}

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('an export', () => {
  it('becomes ready after as many looks as it was told', async () => {
    api.add({ id: 'e', files: [file('a')], readyAfterPolls: 2, pollAfterSeconds: 7 });
    const states: unknown[] = [];
    for (let look = 0; look < 3; look += 1) states.push(await (await get('/v1/exports/e')).json());
    expect(states).toMatchObject([
      { state: 'queued', poll_after_seconds: 7 },
      { state: 'processing' },
      { state: 'ready', file_count: 1, total_bytes: 100 },
    ]);
  });

  it('has no files before it is ready', async () => {
    api.add({ id: 'e', files: [file('a')], readyAfterPolls: 1 });
    const answer = await get('/v1/exports/e/files');
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'not_ready', status: 409 });
  });

  it('is unknown without a word about others, and closed without the token', async () => {
    expect((await get('/v1/exports/none')).status).toBe(404);
    expect((await get('/v1/exports/none', { authorization: 'Bearer other' })).status).toBe(401);
  });
});

describe('a listing', () => {
  it('comes in pages, of which one may be empty, each file once', async () => {
    api.add({
      id: 'a/b',
      files: ['1', '2', '3', '4', '5'].map((id) => file(id)),
      pageSize: 2,
      emptyPages: [1],
    });
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer: Response = await get(
        `/v1/exports/a%2Fb/files${cursor === '' ? '' : `?cursor=${cursor}`}`,
      );
      const page = (await answer.json()) as { files: { id: string }[]; next_cursor: string | null };
      pages.push(page.files.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(pages).toEqual([['1', '2'], [], ['3', '4'], ['5']]);
  });

  it('forgets its cursors when it begins again, and knows its own from others', async () => {
    api.add({ id: 'e', files: [file('1'), file('2')], pageSize: 1 });
    const first = (await (await get('/v1/exports/e/files')).json()) as { next_cursor: string };
    api.catalogue.relist('e', (files) => [...files].reverse());
    const expired = await get(`/v1/exports/e/files?cursor=${first.next_cursor}`);
    expect([expired.status, await expired.json()]).toMatchObject([410, { code: 'cursor_expired' }]);
    expect((await get('/v1/exports/e/files?cursor=bm9uZQ')).status).toBe(400);
    expect(await (await get('/v1/exports/e/files')).json()).toMatchObject({ files: [{ id: '2' }] });
  });

  it('repeats a cursor when told to', async () => {
    api.add({ id: 'e', files: [file('1'), file('2')], pageSize: 1 });
    api.fault({ on: 'files', times: Infinity, fault: { repeatCursor: true } });
    const first = (await (await get('/v1/exports/e/files')).json()) as { next_cursor: string };
    const second = (await (await get(`/v1/exports/e/files?cursor=${first.next_cursor}`)).json()) as object;
    expect(second).toMatchObject({ next_cursor: first.next_cursor });
  });
});

describe('a download', () => {
  beforeEach(() =>
    api.add({ id: 'a/.', files: [file('a'), { ...file('b'), ranges: 'none', etag: 'weak' }] }),
  );

  it('gives ranges of the object that its tag names, or all of another', async () => {
    const url = await link('a/.', 'a');
    const whole = await fetch(url);
    const etag = whole.headers.get('etag')!;
    expect(await bytesOf(whole)).toEqual(BYTES);
    const part = await fetch(url, { headers: { range: 'bytes=10-19', 'if-range': etag } });
    expect([part.status, part.headers.get('content-range'), await bytesOf(part)]).toEqual([
      ...[206, 'bytes 10-19/100', BYTES.subarray(10, 20)],
    ]);
    const tail = await fetch(url, { headers: { range: 'bytes=-5' } });
    expect(await bytesOf(tail)).toEqual(BYTES.subarray(95));
    const other = await fetch(url, { headers: { range: 'bytes=10-19', 'if-range': '"other"' } });
    expect([other.status, (await bytesOf(other)).length]).toEqual([200, 100]);
    expect((await fetch(url, { headers: { range: 'bytes=100-' } })).status).toBe(416);
    expect((await fetch(url, { headers: { 'if-match': '"other"' } })).status).toBe(412);
    expect(api.log.counts()).toMatchObject({ requests: { download: 6, file: 1 }, downloadedBytes: 215 });
  });

  it('knows no ranges where a file has none', async () => {
    const answer = await fetch(await link('a/.', 'b'), { headers: { range: 'bytes=0-9' } });
    expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([200, null]);
    expect(answer.headers.get('etag')).toMatch(/^W\//);
  });

  it('ends with its link, and a link is of one file alone', async () => {
    const url = await link('a/.', 'a');
    const other = new URL(url);
    other.pathname = new URL(await link('a/.', 'b')).pathname;
    expect((await fetch(other)).status).toBe(403);
    api.expireLinks();
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(await link('a/.', 'a'))).status).toBe(200);
  });

  it('is cut, turned, shortened and shifted when told to', async () => {
    const url = await link('a/.', 'a');
    const struck = api.fault({ on: 'download', fileId: 'a', fault: { cutAfterBytes: 40 } });
    await expect(fetch(url).then(bytesOf)).rejects.toThrow();
    api.fault({ on: 'download', fault: { flipByteAt: 12, shortByBytes: 3 } });
    const turned = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect(turned.headers.get('content-range')).toBe('bytes 10-16/100');
    expect([...(await bytesOf(turned))]).toEqual([10, 11, 12 ^ 0xff, 13, 14, 15, 16]);
    api.fault({ on: 'download', fault: { shiftRangeBytes: 5 } });
    const shifted = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect([shifted.headers.get('content-range'), (await bytesOf(shifted))[0]]).toEqual([
      'bytes 15-24/100',
      15,
    ]);
    expect(struck()).toBe(1);
    expect(api.log.served('a/.', 'a')).toBe(40 + 7 + 10);
  });
});

describe('a fault', () => {
  beforeEach(() => api.add({ id: 'e', files: [file('a')] }));

  it('strikes the requests that it names, after those it leaves alone', async () => {
    api.fault({
      on: 'status',
      exportId: 'e',
      skip: 1,
      times: 2,
      fault: { status: 429, retryAfterSeconds: 3 },
    });
    const answers: (string | number | null)[][] = [];
    for (let look = 0; look < 4; look += 1) {
      const { status, headers } = await get('/v1/exports/e');
      answers.push([status, headers.get('retry-after')]);
    }
    expect(answers).toEqual([
      [200, null],
      [429, '3'],
      [429, '3'],
      [200, null],
    ]);
  });

  it('is asked for by a header as well', async () => {
    const fault = JSON.stringify({ status: 503, retryAfterSeconds: 2, retryAfterAsDate: true });
    const answer = await get('/v1/exports/e', { 'x-fault': fault });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/ GMT$/)]);
  });
});

it('refuses more calls than it was told to take', async () => {
  await api.stop();
  api = await startExportApi({ callsPerSecond: 2, now: () => 1000 });
  api.add({ id: 'e', files: [] });
  const answers = [await get('/v1/exports/e'), await get('/v1/exports/e'), await get('/v1/exports/e')];
  expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [200, null],
    [200, null],
    [429, '1'],
  ]);
});

it('refuses the bearer token at the origin of its downloads, as S3 does', async () => {
  await api.stop();
  api = await startExportApi({ otherDownloadOrigin: true });
  api.add({ id: 'e', files: [file('a')] });
  const url = await link('e', 'a');
  expect(new URL(url).origin).toBe(api.downloadUrl);
  expect((await fetch(url, { headers: { authorization: `Bearer ${api.token}` } })).status).toBe(400);
  expect((await fetch(url)).status).toBe(200);
});
