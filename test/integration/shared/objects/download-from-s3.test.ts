import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Downloader } from '../../../../src/objects/download.js';
import { startAttemptClock } from '../../../../src/objects/download/attempt-clock.js';
import { Crc64Nvme } from '../../../../src/objects/download/crc64-nvme.js';
import { createDownloadClient } from '../../../../src/objects/download/download-client.js';
import { createS3Source } from '../../../../src/objects/download/s3-source.js';
import type { ObjectLocation } from '../../../../src/objects/location.js';
import { freshBucket } from '../../embedded-stack.js';
import {
  options,
  content,
  etag,
  s3,
  openDownloads,
  closeServers,
  closeDownloads,
  downloader,
  newPath,
  listen,
  sendObject,
  sendStart,
  expectWhole,
} from './downloads.js';

let bucket: string;

beforeAll(async () => {
  openDownloads();
  bucket = await freshBucket();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'वाचन/a b.wav', Body: content }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'empty.wav', Body: Buffer.alloc(0) }));
});
afterEach(closeServers);
afterAll(closeDownloads);

describe('an object in S3', () => {
  test('arrives whole', async () => {
    const path = newPath();
    const location: ObjectLocation = { kind: 's3', bucket, key: 'वाचन/a b.wav' };
    await expect(downloader().download(location, path)).resolves.toEqual({ bytes: 300_000, attempts: 1 });
    expectWhole(path);
  });

  test('that is missing is ObjectNotFound in one attempt, and no file is left', async () => {
    const path = newPath();
    const location: ObjectLocation = { kind: 's3', bucket, key: 'missing.wav' };
    await expect(downloader().download(location, path)).rejects.toMatchObject({
      name: 'ObjectNotFound',
      message: expect.stringContaining(`s3://${bucket}/missing.wav`) as string,
    });
    expect(existsSync(path)).toBe(false);
  });

  test('that holds nothing is ObjectEmpty', async () => {
    const location: ObjectLocation = { kind: 's3', bucket, key: 'empty.wav' };
    await expect(downloader().download(location, newPath())).rejects.toMatchObject({ name: 'ObjectEmpty' });
  });

  test('beyond the limit is ObjectTooLarge', async () => {
    const location: ObjectLocation = { kind: 's3', bucket, key: 'वाचन/a b.wav' };
    await expect(downloader({ maxBytes: 299_999 }).download(location, newPath())).rejects.toMatchObject({
      name: 'ObjectTooLarge',
    });
  });

  async function s3ClientAt(listener: RequestListener): Promise<S3Client> {
    const port = await listen(createServer(listener));
    return createDownloadClient(options, {
      region: 'ap-south-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  }
  async function s3At(listener: RequestListener): Promise<Downloader> {
    return downloader({}, { s3: await s3ClientAt(listener) });
  }
  const object: ObjectLocation = { kind: 's3', bucket: 'readings', key: 'a.wav' };

  test('whose connection drops is resumed where it dropped', async () => {
    const asked: unknown[] = [];
    const cutOnce = await s3At((request, response) => {
      asked.push([request.headers.range, request.headers['if-match']]);
      if (asked.length === 1) sendStart(response, 100_000, () => response.destroy());
      else sendObject(request, response);
    });
    const path = newPath();
    await expect(cutOnce.download(object, path)).resolves.toEqual({ bytes: 300_000, attempts: 2 });
    expectWhole(path);
    expect(asked).toEqual([
      [undefined, undefined],
      [expect.stringMatching(/^bytes=\d+-$/), etag],
    ]);
  });

  test('that S3 refuses is ObjectForbidden and not asked for again', async () => {
    let requests = 0;
    const refusing = await s3At((_request, response) => {
      requests++;
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    });
    await expect(refusing.download(object, newPath())).rejects.toMatchObject({ name: 'ObjectForbidden' });
    expect(requests).toBe(1);
  });

  test('is asked for again when S3 says SlowDown', async () => {
    let requests = 0;
    const throttling = await s3At((request, response) => {
      if (++requests > 2) {
        sendObject(request, response);
        return;
      }
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
    });
    await expect(throttling.download(object, newPath())).resolves.toMatchObject({ attempts: 3 });
  });

  test.each([
    ['x-amz-checksum-crc64nvme', new Crc64Nvme()],
    ['x-amz-checksum-crc32', undefined],
  ])('that is damaged on its way, as its %s tells, is read again from the start', async (header, sum) => {
    sum?.update(content);
    const right = sum ? Buffer.from(await sum.digest()) : Buffer.alloc(4);
    if (!sum) right.writeUInt32BE(crc32(content));
    const ranges: unknown[] = [];
    const damaging = await s3At((request, response) => {
      ranges.push(request.headers.range);
      const body = Buffer.from(content);
      if (ranges.length === 1) body[200_000]! ^= 1;
      response.writeHead(200, { etag, 'content-length': body.length, [header]: right.toString('base64') });
      response.end(body);
    });
    const path = newPath();
    await expect(damaging.download(object, path)).resolves.toEqual({ bytes: 300_000, attempts: 2 });
    expectWhole(path);
    expect(ranges).toEqual([undefined, undefined]);
  });

  test('that is never what its checksum says is DownloadFailed', async () => {
    const damaging = await s3At((_request, response) => {
      response.writeHead(200, { 'content-length': content.length, 'x-amz-checksum-crc32': 'AAAAAA==' });
      response.end(content);
    });
    await expect(damaging.download(object, newPath())).rejects.toMatchObject({
      name: 'DownloadFailed',
      message: expect.stringContaining('it is not what its checksum says') as string,
    });
  });

  test('is asked of its own bucket beside others that are asked for at the same moment', async () => {
    const asked: unknown[] = [];
    const client = await s3ClientAt((request, response) => {
      asked.push(request.url);
      sendObject(request, response);
    });
    const open = async (name: string): Promise<void> => {
      const clock = startAttemptClock(options, undefined);
      const { body } = await createS3Source(client, { bucket: name, key: 'a.wav' }, name).open(
        undefined,
        clock,
      );
      clock.stop();
      body.destroy();
    };
    await Promise.all([open('readings'), open('older-readings')]);
    expect(asked).toEqual(
      expect.arrayContaining(['/readings/a.wav?x-id=GetObject', '/older-readings/a.wav?x-id=GetObject']),
    );
  });

  test('from a server that accepts and never answers is a timeout', async () => {
    const silent = await s3At(() => undefined);
    await expect(silent.download(object, newPath())).rejects.toMatchObject({ name: 'DownloadTimeout' });
  });
});
