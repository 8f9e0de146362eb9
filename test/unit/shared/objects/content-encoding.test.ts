import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { DownloadOptions } from '../../../../src/objects/download/download-options.js';
import { startFakeStore, type FakeStore } from './fake-store.js';

const content = Buffer.concat([Buffer.from('RIFF'), randomBytes(50_000), Buffer.alloc(100_000)]);
const stores: FakeStore[] = [];

afterEach(() => stores.splice(0).forEach((store) => store.close()));

async function storeThat(
  listener: RequestListener,
  changes: Partial<DownloadOptions> = {},
): Promise<FakeStore> {
  const store = await startFakeStore(listener, changes);
  stores.push(store);
  return store;
}

/** Stores an object as an uploader left it: some bytes, and a word about their coding. */
function storedAs(
  body: Buffer,
  contentEncoding: string,
  changes: Partial<DownloadOptions> = {},
): Promise<FakeStore> {
  return storeThat((_request, response) => {
    response.writeHead(200, {
      etag: '"x"',
      'content-length': body.length,
      'content-encoding': contentEncoding,
    });
    response.end(body);
  }, changes);
}

const ways = ['fromS3', 'fromAddress'] as const;

describe.each(ways)('%s, an object', (way) => {
  test.each([
    ['gzip', gzipSync(content)],
    ['GZIP', gzipSync(content)],
    ['x-gzip', gzipSync(content)],
    ['gzip,aws-chunked', gzipSync(content)],
    ['aws-chunked', content],
    ['identity', content],
    ['deflate', deflateSync(content)],
    ['deflate', deflateRawSync(content)],
    ['br', brotliCompressSync(content)],
    ['gzip, br', brotliCompressSync(gzipSync(content))],
    ['gzip, gzip', gzipSync(gzipSync(content))],
    // Written in members, as pigz and appending uploaders do.
    ['gzip', Buffer.concat([gzipSync(content.subarray(0, 70_000)), gzipSync(content.subarray(70_000))])],
    // Its header is wrong: nothing was compressed.
    ['gzip', content],
  ])('stored with Content-Encoding %s arrives as it was before', async (encoding, body) => {
    const store = await storedAs(body, encoding);
    const path = join(store.folder, 'a');
    await expect(store[way]('a.m4a', path)).resolves.toEqual({ bytes: content.length, attempts: 1 });
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  test.each([
    ['zstd', 'ContentUndecodable', /Content-Encoding zstd; expected gzip/],
    ['compress', 'ContentUndecodable', /Content-Encoding compress/],
    ['gzip, gzip, gzip, gzip', 'ContentUndecodable', /gzip, gzip, gzip, gzip/],
    ['br', 'ContentUndecodable', /Content-Encoding br, but is no br data/],
    ['deflate', 'ContentUndecodable', /Content-Encoding deflate, but is no deflate data/],
  ])('that cannot be of Content-Encoding %s is %s', async (encoding, name, message) => {
    const store = await storedAs(Buffer.from('no such data, not at all'), encoding);
    await expect(store[way]('a.m4a')).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test('whose gzip data is cut is ContentTruncated', async () => {
    const store = await storedAs(gzipSync(content).subarray(0, 30_000), 'gzip');
    await expect(store[way]('a.m4a')).rejects.toMatchObject({ name: 'ContentTruncated' });
  });

  test('whose gzip data is damaged is ContentUndecodable', async () => {
    const body = gzipSync(content);
    body.fill(0xff, 20_000, 20_100);
    const store = await storedAs(body, 'gzip');
    await expect(store[way]('a.m4a')).rejects.toMatchObject({ name: 'ContentUndecodable' });
  });

  test('that unfolds beyond the limit is ObjectTooLarge, and nothing of it is left', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const store = await storedAs(bomb, 'gzip', { maxBytes: 1_000_000 });
    const path = join(store.folder, 'a');
    await expect(store[way]('a.m4a', path)).rejects.toMatchObject({ name: 'ObjectTooLarge' });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test('that unfolds to nothing is ObjectEmpty', async () => {
    const store = await storedAs(gzipSync(Buffer.alloc(0)), 'gzip');
    await expect(store[way]('a.m4a')).rejects.toMatchObject({ name: 'ObjectEmpty' });
  });

  test('is resumed where its encoded bytes dropped', async () => {
    const body = gzipSync(content);
    const ranges: unknown[] = [];
    const store = await storeThat((request, response) => {
      ranges.push(request.headers.range);
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (from === 0) {
        response.writeHead(200, {
          etag: '"x"',
          'content-length': body.length,
          'content-encoding': 'gzip',
        });
        response.write(body.subarray(0, 20_000), () => response.destroy());
        return;
      }
      const range = `bytes ${from}-${body.length - 1}/${body.length}`;
      response.writeHead(206, { etag: '"x"', 'content-range': range }).end(body.subarray(from));
    });
    const path = join(store.folder, 'a');
    await expect(store[way]('a.m4a', path)).resolves.toEqual({ bytes: content.length, attempts: 2 });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
  });
});
