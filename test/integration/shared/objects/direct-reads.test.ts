import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';
import type { Downloader } from '../../../../src/objects/download.js';
import { Crc64Nvme } from '../../../../src/objects/download/crc64-nvme.js';
import { createDownloadClient } from '../../../../src/objects/download/download-client.js';
import type { ObjectLocation } from '../../../../src/objects/location.js';
import { encodeCrc32 } from '../../../../src/objects/data-path/crc32-header.js';
import {
  closeDownloads,
  closeServers,
  content,
  downloader,
  expectWhole,
  listen,
  newPath,
  openDownloads,
  options,
  sendObject,
  sendStart,
} from './downloads.js';

beforeAll(openDownloads);
afterEach(closeServers);
afterAll(closeDownloads);

const object: ObjectLocation = { kind: 's3', bucket: 'readings', key: "वाचन/a b!'()*.wav" };

/** By the client itself, which says so in a header. */
const byClient = ({ headers }: IncomingMessage): boolean => headers['amz-sdk-invocation-id'] !== undefined;

async function s3At(listener: RequestListener): Promise<Downloader> {
  const port = await listen(createServer(listener));
  const s3 = createDownloadClient(options, {
    region: 'ap-south-1',
    endpoint: `http://127.0.0.1:${port}/prefix`,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' },
  });
  return downloader({}, { s3 });
}

async function downloadOf(downloads: Downloader): Promise<{ attempts: number }> {
  const path = newPath();
  const { attempts } = await downloads.download(object, path);
  expectWhole(path);
  return { attempts };
}

function sendWith(response: ServerResponse, headers: Record<string, string>, bytes = content): void {
  response.writeHead(200, { etag: '"version-1"', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

test('the second object of a bucket is asked for where the client found the first, signed for the same', async () => {
  const asked: IncomingMessage[] = [];
  const downloads = await s3At((request, response) => {
    asked.push(request);
    sendObject(request, response);
  });
  await downloadOf(downloads);
  await downloadOf(downloads);
  expect(asked.map(byClient)).toEqual([true, false]);
  const [first, second] = asked as [IncomingMessage, IncomingMessage];
  expect(second.url).toBe(first.url!.replace(/\?.*/, ''));
  expect(second.headers.host).toBe(first.headers.host);
  expect(second.headers['x-amz-checksum-mode']).toBe('ENABLED');
  expect(second.headers['x-amz-security-token']).toBe('token');
  const scope = /Credential=AKID\/\d{8}\/ap-south-1\/s3\/aws4_request/;
  expect(first.headers.authorization).toMatch(scope);
  expect(second.headers.authorization).toMatch(scope);
});

async function crc64(): Promise<string> {
  const sum = new Crc64Nvme();
  sum.update(content);
  return Buffer.from(await sum.digest()).toString('base64');
}

const base64 = (algorithm: string): string => createHash(algorithm).update(content).digest('base64');

test.each<[string, () => string | Promise<string>]>([
  ['x-amz-checksum-crc64nvme', crc64],
  ['x-amz-checksum-crc32', () => encodeCrc32(crc32(content))],
  ['x-amz-checksum-sha1', () => base64('sha1')],
  ['x-amz-checksum-sha256', () => base64('sha256')],
])('bytes that are not what %s says are asked for again', async (header, checksumOf) => {
  const checksum = await checksumOf();
  const wrong = Buffer.from(content);
  wrong[1_000]! ^= 1;
  let asked = 0;
  const downloads = await s3At((_request, response) => {
    asked++;
    sendWith(response, { [header]: checksum }, asked === 2 ? wrong : content);
  });
  await downloadOf(downloads);
  await expect(downloadOf(downloads)).resolves.toEqual({ attempts: 2 });
});

test('a checksum of parts is none of the whole', async () => {
  const downloads = await s3At((_request, response) =>
    sendWith(response, { 'x-amz-checksum-crc32': 'AAAAAA==-2', 'x-amz-checksum-type': 'COMPOSITE' }),
  );
  await downloadOf(downloads);
  await expect(downloadOf(downloads)).resolves.toEqual({ attempts: 1 });
});

test('a bucket whose objects have another kind of checksum is left to the client', async () => {
  const clients: boolean[] = [];
  const downloads = await s3At((request, response) => {
    clients.push(byClient(request));
    // CRC-32C of nothing in particular: only the client finds out that it is wrong.
    sendWith(response, clients.length === 1 ? {} : { 'x-amz-checksum-crc32c': 'AAAAAA==' });
  });
  await downloadOf(downloads);
  await expect(downloads.download(object, newPath())).rejects.toThrow('it is not what its checksum says');
  expect(clients).toEqual([true, false, true, true, true]);
});

test.each([
  [404, 'NoSuchKey', 'ObjectNotFound'],
  [403, 'AccessDenied', 'ObjectForbidden'],
  [403, 'InvalidObjectState', 'ObjectArchived'],
  [400, 'ExpiredToken', 'DependencyUnavailable'],
  [503, 'SlowDown', 'DownloadFailed'],
])('what %i %s means the client says', async (status, code, name) => {
  let asked = 0;
  const downloads = await s3At((request, response) => {
    if (++asked === 1) {
      sendObject(request, response);
      return;
    }
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
  });
  await downloadOf(downloads);
  await expect(downloads.download(object, newPath())).rejects.toMatchObject({ name });
});

test('a connection that drops is resumed by the client, and one that falls silent is given up', async () => {
  let asked = 0;
  const downloads = await s3At((request, response) => {
    asked++;
    if (asked === 2) sendStart(response, 100_000, () => response.destroy());
    else if (asked === 5) sendStart(response, 100_000, () => undefined);
    else sendObject(request, response);
  });
  await downloadOf(downloads);
  await expect(downloadOf(downloads)).resolves.toEqual({ attempts: 2 });
  await downloadOf(downloads);
  await expect(downloadOf(downloads)).resolves.toEqual({ attempts: 2 });
});

test('the caller may stop one on its way', async () => {
  let asked = 0;
  const controller = new AbortController();
  const downloads = await s3At((request, response) => {
    if (++asked === 1) sendObject(request, response);
    else sendStart(response, 100_000, () => controller.abort(new Error('enough')));
  });
  await downloadOf(downloads);
  await expect(downloads.download(object, newPath(), controller.signal)).rejects.toThrow('enough');
});
