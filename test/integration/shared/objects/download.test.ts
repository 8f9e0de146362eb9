import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Downloader, DownloaderDependencies } from '../../../../src/objects/download.js';
import { createDownloader } from '../../../../src/objects/download.js';
import { startAttemptClock } from '../../../../src/objects/download/attempt-clock.js';
import { isRefusedAddress } from '../../../../src/objects/address-policy.js';
import type { DownloadOptions } from '../../../../src/objects/download/download-options.js';
import type { AddressRules } from '../../../../src/objects/pinned-address.js';
import { Crc64Nvme } from '../../../../src/objects/download/crc64-nvme.js';
import { createDownloadClient } from '../../../../src/objects/download/download-client.js';
import { createS3Source } from '../../../../src/objects/download/s3-source.js';
import type { ObjectLocation } from '../../../../src/objects/location.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { embeddedStack, freshBucket, freshFolder } from '../../embedded-stack.js';
import { selfSigned } from '../../certificates.js';

const options: DownloadOptions = {
  maxBytes: 1_000_000,
  maxConcurrency: 2,
  connectTimeoutMs: 2_000,
  silenceTimeoutMs: 300,
  attemptTimeoutMs: 5_000,
  maxRetries: 2,
  backoffBaseMs: 1,
};
const content = randomBytes(300_000);
const etag = '"version-1"';

let scratch: string;
let bucket: string;
let s3: S3Client;
const servers: Server[] = [];

beforeAll(async () => {
  scratch = freshFolder();
  s3 = createDownloadClient(options, awsClientOptions(embeddedStack().endpoints.aws));
  bucket = await freshBucket();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'वाचन/a b.wav', Body: content }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'empty.wav', Body: Buffer.alloc(0) }));
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

afterAll(() => s3.destroy());

function downloader(
  changes: Partial<DownloadOptions> = {},
  more: Partial<DownloaderDependencies> = {},
): Downloader {
  return createDownloader({ s3, options: { ...options, ...changes }, random: () => 0, ...more });
}

let files = 0;
function newPath(): string {
  return join(scratch, `object-${files++}`);
}

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A server of the embedded stack's kind: plain http on loopback, trusted by setting. */
async function trustedServer(listener: RequestListener): Promise<ObjectLocation> {
  const port = await listen(createServer(listener));
  return {
    kind: 'url',
    url: new URL(`http://127.0.0.1:${port}/a.wav?X-Amz-Signature=secret`),
    trusted: true,
  };
}

/** Answers a GET, or the part of it that a resumed attempt asks for. */
function sendObject(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': part.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  response.end(part);
}

/** Sends the head and the first bytes of the object, then leaves the rest to the caller. */
function sendStart(response: ServerResponse, bytes: number, then: () => void): void {
  response.writeHead(200, { etag, 'content-length': content.length });
  response.write(content.subarray(0, bytes), then);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function expectWhole(path: string): void {
  expect(sha256(readFileSync(path))).toBe(sha256(content));
}

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

describe('an address', () => {
  test('is read whole', async () => {
    const path = newPath();
    await downloader().download(await trustedServer(sendObject), path);
    expectWhole(path);
  });

  test('whose server falls silent is resumed, and times out when it stays silent', async () => {
    const ranges: (string | undefined)[] = [];
    const stalls = await trustedServer((request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length > 1) sendObject(request, response);
      else sendStart(response, 50_000, () => undefined);
    });
    const path = newPath();
    await expect(downloader().download(stalls, path)).resolves.toMatchObject({ attempts: 2 });
    expectWhole(path);
    expect(ranges[1]).toBe('bytes=50000-');

    const alwaysStalls = await trustedServer((_request, response) =>
      sendStart(response, 50_000, () => undefined),
    );
    await expect(downloader().download(alwaysStalls, newPath())).rejects.toMatchObject({
      name: 'DownloadTimeout',
      retryable: true,
      message: expect.not.stringContaining('secret') as string,
    });
  });

  test('that drips just fast enough is stopped by the attempt’s total', async () => {
    const drips = await trustedServer((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const impatient = downloader({ attemptTimeoutMs: 500, maxRetries: 0 });
    await expect(impatient.download(drips, newPath())).rejects.toThrow('not complete within 0.5 s');
  });

  test('that changes between two attempts is read anew, never mixed', async () => {
    const other = randomBytes(200_000);
    let requests = 0;
    const changes = await trustedServer((request, response) => {
      requests++;
      if (requests === 1) sendStart(response, 50_000, () => response.destroy());
      else if (request.headers['if-match'] === etag) response.writeHead(412).end();
      else response.writeHead(200, { etag: '"version-2"', 'content-length': other.length }).end(other);
    });
    const path = newPath();
    await downloader().download(changes, path);
    expect(sha256(readFileSync(path))).toBe(sha256(other));
  });

  test('whose server ignores the range is read from the start', async () => {
    let requests = 0;
    const ignores = await trustedServer((_request, response) => {
      if (++requests === 1) sendStart(response, 50_000, () => response.destroy());
      else response.writeHead(200, { etag, 'content-length': content.length }).end(content);
    });
    const path = newPath();
    await downloader().download(ignores, path);
    expectWhole(path);
  });

  test('that is cut every time is DownloadFailed after the last attempt', async () => {
    let requests = 0;
    const cuts = await trustedServer((_request, response) => {
      requests++;
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('x', () => response.destroy());
    });
    await expect(downloader().download(cuts, newPath())).rejects.toMatchObject({
      name: 'DownloadFailed',
    });
    expect(requests).toBe(3);
  });

  test('without a stated length is stopped at the limit while it streams', async () => {
    let sent = 0;
    const endless = await trustedServer((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        sent += 65_536;
        response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    const path = newPath();
    await expect(downloader().download(endless, path)).rejects.toMatchObject({ name: 'ObjectTooLarge' });
    expect(existsSync(path)).toBe(false);
    expect(sent).toBeLessThan(50_000_000);
  });

  test('that states too much is refused before its body is read', async () => {
    const boasts = await trustedServer((_request, response) => {
      response.writeHead(200, { 'content-length': 2_000_000_000 });
      response.flushHeaders();
    });
    await expect(downloader().download(boasts, newPath())).rejects.toMatchObject({ name: 'ObjectTooLarge' });
  });

  test.each([
    [404, 'ObjectNotFound', 1],
    [410, 'ObjectNotFound', 1],
    [401, 'ObjectForbidden', 1],
    [403, 'ObjectForbidden', 1],
    [400, 'DownloadFailed', 1],
    [500, 'DownloadFailed', 3],
    [503, 'DownloadFailed', 3],
  ])('that answers %i is %s after %i attempts', async (status, name, attempts) => {
    let requests = 0;
    const location = await trustedServer((_request, response) => {
      requests++;
      response.writeHead(status).end('no');
    });
    await expect(downloader().download(location, newPath())).rejects.toMatchObject({ name });
    expect(requests).toBe(attempts);
  });

  test('is left at once when the caller aborts, also between attempts and in the queue', async () => {
    const stalls = await trustedServer((_request, response) => sendStart(response, 50_000, () => undefined));
    const abort = new AbortController();
    const patient = downloader({ silenceTimeoutMs: 60_000, attemptTimeoutMs: 60_000, maxConcurrency: 1 });
    const running = patient.download(stalls, newPath(), abort.signal);
    const queued = patient.download(stalls, newPath(), abort.signal);
    abort.abort(new Error('The worker is draining'));
    await expect(running).rejects.toThrow('The worker is draining');
    await expect(queued).rejects.toThrow('The worker is draining');

    const fails = await trustedServer((_request, response) =>
      response.writeHead(503, { 'retry-after': '20' }).end(),
    );
    const later = new AbortController();
    const waiting = downloader({ backoffBaseMs: 60_000 }).download(fails, newPath(), later.signal);
    setImmediate(() => later.abort(new Error('The worker is draining')));
    await expect(waiting).rejects.toThrow('The worker is draining');
  });
});

describe('an https address on the public network', () => {
  const { key, cert } = selfSigned('files.test');

  /** As if the test's server on loopback were public, and no other address were different. */
  function publicLoopback(resolve: AddressRules['resolve']): AddressRules {
    return { resolve, isRefused: (address) => address !== '127.0.0.1' && isRefusedAddress(address) };
  }
  const toLoopback: AddressRules['resolve'] = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

  async function tlsServer(listener: RequestListener): Promise<(path?: string) => ObjectLocation> {
    const port = await listen(createTlsServer({ key, cert }, listener));
    return (path = '/a.wav') => ({
      kind: 'url',
      url: new URL(`https://files.test:${port}${path}`),
      trusted: false,
    });
  }

  function reader(resolve = toLoopback): Downloader {
    return downloader({ maxRetries: 1 }, { addressRules: publicLoopback(resolve), extraCa: cert });
  }

  test('is read, with redirects', async () => {
    const at = await tlsServer((request, response) => {
      if (request.url === '/moved.wav') response.writeHead(302, { location: '/a.wav' }).end();
      else sendObject(request, response);
    });
    const path = newPath();
    await reader().download(at('/moved.wav'), path);
    expectWhole(path);
  });

  test('whose certificate is another host’s is not read', async () => {
    const at = await tlsServer(sendObject);
    const location = at() as Extract<ObjectLocation, { kind: 'url' }>;
    location.url.hostname = 'other.test';
    await expect(reader().download(location, newPath())).rejects.toMatchObject({
      name: 'DownloadFailed',
    });
  });

  test('is resolved once: a name that changes to a private address later is not followed', async () => {
    let resolved = 0;
    let requests = 0;
    const at = await tlsServer((request, response) => {
      if (++requests === 1) sendStart(response, 50_000, () => response.destroy());
      else sendObject(request, response);
    });
    const rebinding = reader(() =>
      Promise.resolve([{ address: resolved++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]),
    );
    await rebinding.download(at(), newPath());
    expect(resolved).toBe(1);
  });

  test.each([
    ['loopback', '127.0.0.2'],
    ['the metadata service', '169.254.169.254'],
    ['a private network', '10.0.0.5'],
    ['loopback mapped into IPv6', '::ffff:127.0.0.1'],
  ])('whose name leads to %s is refused before connecting', async (_what, address) => {
    const family = address.includes(':') ? 6 : 4;
    const location: ObjectLocation = {
      kind: 'url',
      url: new URL('https://files.test/a.wav'),
      trusted: false,
    };
    await expect(
      reader(() => Promise.resolve([{ address, family }])).download(location, newPath()),
    ).rejects.toMatchObject({ name: 'AddressRefused', retryable: false });
  });

  test('whose name leads to a public and a private address is refused', async () => {
    const location: ObjectLocation = {
      kind: 'url',
      url: new URL('https://files.test/a.wav'),
      trusted: false,
    };
    const both = [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.5', family: 4 },
    ];
    await expect(reader(() => Promise.resolve(both)).download(location, newPath())).rejects.toThrow(
      'public network',
    );
  });

  test.each([
    ['the metadata service', 'https://169.254.169.254/latest/meta-data/'],
    ['loopback in IPv6', 'https://[::1]/a.wav'],
    ['loopback mapped into IPv6', 'https://[::ffff:7f00:1]:1/a.wav'],
    ['plain http', 'http://files.test/a.wav'],
    ['a file', 'file:///etc/passwd'],
    ['a host with a password', 'https://user:secret@files.test/a.wav'],
    ['nowhere', 'https://'],
  ])('that redirects to %s is refused', async (_what, target) => {
    const at = await tlsServer((_request, response) => response.writeHead(302, { location: target }).end());
    await expect(reader().download(at(), newPath())).rejects.toMatchObject({ name: 'AddressRefused' });
  });

  describe('that redirects to another host', () => {
    const other = 'other.test';
    async function redirected(target: string, allowedHosts: string[]): Promise<unknown> {
      const port = await listen(createTlsServer({ key: otherKey, cert: otherCert }, sendObject));
      const at = await tlsServer((_request, response) =>
        response.writeHead(302, { location: target.replace('PORT', String(port)) }).end(),
      );
      const allowed = allowedHosts.map((host) => host.replace('PORT', String(port)));
      const path = newPath();
      return downloader(
        { maxRetries: 0 },
        {
          addressRules: publicLoopback(toLoopback),
          extraCa: `${cert}\n${otherCert}`,
          locations: { allowedHosts: allowed, allowedBuckets: ['readings'], settings: 'OBJECT_HOSTS' },
        },
      ).download(at(), path);
    }
    const { key: otherKey, cert: otherCert } = selfSigned(other);

    test('that is allowed is read there', async () => {
      await expect(redirected(`https://${other}:PORT/a.wav`, [`${other}:PORT`])).resolves.toMatchObject({
        bytes: content.length,
      });
    });

    test.each([
      ['that is not allowed', `https://${other}:PORT/a.wav?token=secret`],
      ['on a port that is not', 'https://files.test:PORT/a.wav'],
      ['that is a bucket which is not', 'https://elsewhere.s3.amazonaws.com/a.wav?X-Amz-Signature=secret'],
    ])('%s is refused', async (_what, target) => {
      const error: unknown = await redirected(target, ['files.test']).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'AddressRefused' });
      expect((error as Error).message).toContain('(OBJECT_HOSTS)');
      expect((error as Error).message).not.toContain('secret');
    });
  });

  test('that redirects in circles is refused after three redirects', async () => {
    let requests = 0;
    const at = await tlsServer((_request, response) => {
      requests++;
      response.writeHead(302, { location: '/again.wav' }).end();
    });
    await expect(reader().download(at(), newPath())).rejects.toThrow('more than 3 redirects');
    expect(requests).toBe(4);
  });

  test('of the stack’s own endpoint is not trusted where it redirects to', async () => {
    const redirects = await trustedServer((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/a.wav' }).end(),
    );
    await expect(reader().download(redirects, newPath())).rejects.toMatchObject({
      name: 'AddressRefused',
    });
  });
});

test('no more downloads run at one time than allowed', async () => {
  let running = 0;
  let most = 0;
  const location = await trustedServer((request, response) => {
    most = Math.max(most, ++running);
    response.on('close', () => running--);
    sendObject(request, response);
  });
  const limited = downloader({ maxConcurrency: 2 });
  await Promise.all(Array.from({ length: 12 }, () => limited.download(location, newPath())));
  expect(most).toBeLessThanOrEqual(2);
});
