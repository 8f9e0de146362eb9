// Downloads by `s3://`, the first of a bucket by the S3 client and the others without it, from each S3 that there is. Here, since the servers are.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createDownloader, type Downloader } from '#vachan/objects/download.js';
import { createDownloadClient } from '#vachan/objects/download/download-client.js';
import { awsClientOptions } from '#tools/stack/aws.js';
import { embeddedStack, freshFolder } from '../../embedded-stack.js';
import { createBucket, QUICK_LIMITS, sdkClientOf, sharedServer, type ObjectServer } from './object-server.js';
import { hasVersityGateway, startVersityGateway } from './versity-gateway.js';

/** Of the run's SQS, whose S3 recordings are read from in the other tests. */
function standIn(): ObjectServer {
  const { endpointUrl, region, ...credentials } = embeddedStack().endpoints.aws;
  return {
    ...{ name: 'fauxqs', endpointUrl, region, credentials, keepsWholeChecksums: false },
    stop: () => Promise.resolve(),
  };
}

describe.each([
  ['fauxqs', () => Promise.resolve(standIn()), true],
  ['ministack', () => Promise.resolve(sharedServer()), true],
  ['versitygw', () => startVersityGateway(freshFolder()), hasVersityGateway],
] as const)('downloads from %s', (_name, start, isThere) => {
  const it = isThere ? test : test.skip;
  let server: ObjectServer;
  /** Of who writes the objects. */
  let sdk: S3Client;
  let s3: S3Client;
  let downloads: Downloader;
  let bucket: string;
  let folder: string;
  /** Requests that went through the client. */
  let byClient = 0;
  let files = 0;

  beforeAll(async () => {
    if (!isThere) return;
    server = await start();
    folder = freshFolder();
    sdk = sdkClientOf(server);
    s3 = createDownloadClient(
      { connectTimeoutMs: 5_000, maxConcurrency: 4 },
      awsClientOptions(connectionTo(server)),
    );
    s3.middlewareStack.add(
      (next) => (args) => {
        byClient++;
        return next(args);
      },
      { step: 'initialize', name: 'countRequests' },
    );
    const options = { ...QUICK_LIMITS, attemptTimeoutMs: 30_000, maxBytes: 3_000_000, maxConcurrency: 4 };
    downloads = createDownloader({ s3, options });
  }, 900_000);
  beforeEach(async () => {
    if (isThere) bucket = await createBucket(sdk, `downloads-${randomUUID().slice(0, 8)}`);
  });
  afterAll(async () => {
    if (!isThere) return;
    downloads.close();
    s3.destroy();
    sdk.destroy();
    await server.stop();
  });

  const put = (object: Omit<PutObjectCommandInput, 'Bucket'>): Promise<unknown> =>
    sdk.send(new PutObjectCommand({ Bucket: bucket, ...object }));

  async function read(key: string): Promise<Buffer> {
    const path = join(folder, `${files++}`);
    await downloads.download({ kind: 's3', bucket, key }, path);
    return readFileSync(path);
  }

  /** Of a request that the client makes first: the bucket is known after it. */
  async function readFirst(): Promise<void> {
    await put({ Key: 'first', Body: 'first' });
    await read('first');
    byClient = 0;
  }

  it.each([
    'plain/key.wav',
    'space and + plus.wav',
    "all !'()*$@=:;, of & them ~ ?#%.wav",
    'वाचन/日本語/🙂.wav',
    'looks%2Fencoded%20already.wav',
  ])('the key %s is read as the client reads it, without it', async (key) => {
    const body = randomBytes(70_000);
    await put({ Key: key, Body: body });
    await readFirst();
    expect((await read(key)).equals(body)).toBe(true);
    expect(byClient).toBe(0);
  });

  it.each(['CRC32', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'an object with a %s is held against it',
    async (algorithm) => {
      const body = randomBytes(1_200_000);
      await put({ Key: 'summed', Body: body, ChecksumAlgorithm: algorithm });
      await readFirst();
      expect((await read('summed')).equals(body)).toBe(true);
      expect(byClient).toBe(0);
    },
  );

  it('twenty at once arrive whole over connections that are used again', async () => {
    const bodies = Array.from({ length: 20 }, (_, n) => randomBytes(1 + n * 40_000));
    await Promise.all(bodies.map((Body, n) => put({ Key: `many/${n}`, Body })));
    await readFirst();
    for (let round = 0; round < 2; round++) {
      const found = await Promise.all(bodies.map((_, n) => read(`many/${n}`)));
      expect(found.map((body, n) => body.equals(bodies[n]!))).not.toContain(false);
    }
    expect(byClient).toBe(0);
  });

  it('what is stored compressed arrives as it was', async () => {
    const body = Buffer.from('speech '.repeat(10_000));
    await put({ Key: 'packed', Body: gzipSync(body), ContentEncoding: 'gzip' });
    await readFirst();
    // fauxqs forgets how.
    const { ContentEncoding } = await sdk.send(new HeadObjectCommand({ Bucket: bucket, Key: 'packed' }));
    expect(await read('packed')).toEqual(ContentEncoding === 'gzip' ? body : gzipSync(body));
  });

  it.each([
    ['missing', undefined, 'ObjectNotFound'],
    ['empty', Buffer.alloc(0), 'ObjectEmpty'],
    ['too large', Buffer.alloc(3_000_001), 'ObjectTooLarge'],
  ])('one that is %s is told by name', async (key, Body, name) => {
    if (Body !== undefined) await put({ Key: key, Body });
    await readFirst();
    await expect(read(key)).rejects.toMatchObject({ name });
    // The bucket is read as before.
    await readFirst();
    expect(await read('first')).toEqual(Buffer.from('first'));
  });
});

function connectionTo({
  endpointUrl,
  region,
  credentials,
}: ObjectServer): Parameters<typeof awsClientOptions>[0] {
  return { endpointUrl, region, ...credentials };
}
