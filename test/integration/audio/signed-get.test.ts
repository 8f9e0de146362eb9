import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createDownloader, type Downloader } from '../../../src/audio/download.js';
import { createAudioS3Client } from '../../../src/audio/download/s3-client.js';
import type { AudioLocation } from '../../../src/audio/location.js';
import { freshFolder } from '../embedded-stack.js';

const options = {
  maxBytes: 1_000,
  maxConcurrency: 1,
  connectTimeoutMs: 2_000,
  silenceTimeoutMs: 2_000,
  attemptTimeoutMs: 5_000,
  maxRetries: 2,
  backoffBaseMs: 1,
};
const SECRET = 'of-the-test';
const object = (key: string, bucket = 'readings'): AudioLocation => ({ kind: 's3', bucket, key });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A store of one's own; the requests that reach it are kept. */
async function storeThat(
  answer: RequestListener,
): Promise<{ asked: IncomingMessage[]; downloader: Downloader }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const s3 = createAudioS3Client(options, {
    region: 'ap-south-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: SECRET },
  });
  return { asked, downloader: createDownloader({ s3, options, random: () => 0 }) };
}

let files = 0;
const newPath = (): string => join(freshFolder(), `recording-${files++}`);

function sendAudio(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { etag: '"1"', 'content-length': 5 });
  response.end('audio');
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end('<Error><Code>Refused</Code><Message>no</Message></Error>');
}

/** Signature Version 4, computed again from what arrived. */
function signatureOf({ method, url = '', headers }: IncomingMessage): {
  stated: string;
  computed: string;
  scope: string;
} {
  const { authorization = '' } = headers;
  const [, scope = '', signed = '', stated = ''] =
    /Credential=test\/(\S+), SignedHeaders=(\S+), Signature=(\S+)$/.exec(authorization) ?? [];
  const [path = '', query = ''] = url.split('?');
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const parameters = query
    .split('&')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort();
  const canonical = [
    ...[method, path, parameters.join('&'), lines.join(''), signed],
    String(headers['x-amz-content-sha256']),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const hmac = (key: Buffer | string, data: string): Buffer =>
    createHmac('sha256', key).update(data).digest();
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${SECRET}`);
  return { stated, computed: hmac(key, text).toString('hex'), scope: scope.replace(/^\d+/, 'day') };
}

describe('an object of a bucket that was read before', () => {
  test('is asked for where the SDK would, with a signature that is right', async () => {
    const { asked, downloader } = await storeThat(sendAudio);
    const keys = ['first.wav', "वाचन/a b+(1)!'*~.wav", '../..//x?y#z%41&=.wav', 'first.wav'];
    for (const key of keys) await downloader.download(object(key), newPath());
    await downloader.download(
      { kind: 's3', bucket: 'readings', key: 'a.wav', versionId: 'v/1 &' },
      newPath(),
    );
    // The SDK asks for the first object of a downloader, whichever it is.
    for (const key of keys) await (await storeJoining(asked)).download(object(key), newPath());

    const ours = asked.slice(0, keys.length);
    const theirs = asked.slice(keys.length + 1);
    expect(ours.map(({ url }) => url)).toEqual(theirs.map(({ url }) => url));
    for (const request of asked) {
      const { stated, computed, scope } = signatureOf(request);
      expect({ url: request.url, stated, scope }).toEqual({
        url: request.url,
        stated: computed,
        scope: 'day/ap-south-1/s3/aws4_request',
      });
    }
    // Only the first went through the SDK's middleware.
    expect(ours.map(({ headers }) => 'amz-sdk-request' in headers)).toEqual([true, false, false, false]);
  });

  test('that S3 refuses is asked for by the SDK once more, and is AudioForbidden then', async () => {
    const { asked, downloader } = await storeThat((request, response) =>
      request.url?.includes('first') ? sendAudio(request, response) : refuse(response, 403),
    );
    await downloader.download(object('first.wav'), newPath());
    await expect(downloader.download(object('a.wav'), newPath())).rejects.toMatchObject({
      name: 'AudioForbidden',
    });
    expect(asked).toHaveLength(3);
  });

  test('is found by the SDK when the bucket has moved to another region, and then without it', async () => {
    const { asked, downloader } = await storeThat((request, response) => {
      const isThere = signatureOf(request).scope.includes('/eu-west-1/') || asked.length === 1;
      if (isThere) sendAudio(request, response);
      else refuse(response, 301, { 'x-amz-bucket-region': 'eu-west-1' });
    });
    for (const key of ['a.wav', 'b.wav', 'c.wav']) await downloader.download(object(key), newPath());
    expect(asked.map((request) => signatureOf(request).scope.split('/')[1])).toEqual([
      ...['ap-south-1', 'ap-south-1', 'ap-south-1', 'eu-west-1'],
      'eu-west-1',
    ]);
  });

  test.each([
    [404, 'AudioNotFound', 1],
    [503, 'AudioDownloadFailed', 3],
  ])('answered with %i is %s after %i request(s)', async (status, name, requests) => {
    const { asked, downloader } = await storeThat((request, response) =>
      request.url?.includes('first') ? sendAudio(request, response) : refuse(response, status),
    );
    await downloader.download(object('first.wav'), newPath());
    await expect(downloader.download(object('a.wav'), newPath())).rejects.toMatchObject({ name });
    expect(asked).toHaveLength(1 + requests);
  });
});

/** Another downloader whose requests join the others'. */
async function storeJoining(asked: IncomingMessage[]): Promise<Downloader> {
  const { downloader } = await storeThat((request, response) => {
    asked.push(request);
    sendAudio(request, response);
  });
  return downloader;
}
