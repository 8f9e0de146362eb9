import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ObjectStore } from '#vachan/objects/data-path/object-store.js';
import { ChecksumRefused, PreconditionFailed, UploadNotFound } from '#vachan/objects/write-errors.js';
import { DependencyUnavailable } from '#vachan/platform/errors.js';
import { freshName } from '../../embedded-stack.js';
import { startFaultyProxy, type Fault, type FaultyProxy } from './faulty-proxy.js';
import { createBucket, QUICK_LIMITS, sdkClientOf, sharedServer, storeOf } from './object-server.js';

const MIB = 1024 * 1024;
const server = sharedServer();
const sdk = sdkClientOf(server);
const bucket = freshName('faults');
let proxy: FaultyProxy;

beforeAll(async () => {
  await createBucket(sdk, bucket);
  proxy = await startFaultyProxy(server.endpointUrl);
});
beforeEach(() => proxy.forget());
afterAll(async () => {
  sdk.destroy();
  await proxy.stop();
});

const open: { close(): void }[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});
function storeThroughProxy(options: Parameters<typeof storeOf>[1] = {}) {
  const store = storeOf({ ...server, endpointUrl: proxy.endpointUrl }, options);
  open.push(store);
  return store;
}
const error = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
const on = (method: string, fault: Fault['fault'], times = 1): void =>
  proxy.add({ when: (request) => request.method === method, times, fault });

const body = randomBytes(2 * MIB);
const options = { crc32: crc32(body) };
const object = (): { bucket: string; key: string } => ({ bucket, key: freshName('key') });

describe('the data path in bad weather', () => {
  it.each<[string, Fault['fault']]>([
    ['a store that asks to slow down', { status: 503, body: error('SlowDown') }],
    ['an internal error', { status: 500, body: error('InternalError') }],
    ['a page of something on the way', { status: 502, body: '<html>Bad gateway</html>' }],
    ['a cut in the body', { cutAfterBytes: MIB }],
    ['a lost answer', 'lose_answer'],
  ])('writes an object in spite of %s', async (_what, fault) => {
    on('PUT', fault, 3);
    const store = storeThroughProxy();
    const there = object();
    await store.put(there, body, options);
    expect(proxy.seen.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'PUT', 'PUT']);
    expect((await store.read(there, { start: 0, end: body.length })).equals(body)).toBe(true);
  });

  it('gives up on a storm as a dependency that is away, and names no key', async () => {
    on('PUT', { status: 503, body: error('SlowDown') }, 100);
    const store = storeThroughProxy();
    const failed = store.put({ bucket, key: 'name-of-a-child.txt' }, body, options);
    await expect(failed).rejects.toThrow(DependencyUnavailable);
    await expect(failed).rejects.toThrow(/could not write .* in 5 attempts, at last: .*503 SlowDown/);
    await expect(failed).rejects.not.toThrow(/name-of-a-child/);
    expect(proxy.seen).toHaveLength(5);
  });

  it('gives up on a server that takes requests and says nothing', async () => {
    on('PUT', { first: () => new Promise(() => undefined) }, 100);
    const store = storeThroughProxy({ limits: { ...QUICK_LIMITS, silenceTimeoutMs: 100, maxRetries: 1 } });
    const failed = store.put(object(), Buffer.from('x'), { crc32: crc32('x') });
    await expect(failed).rejects.toThrow(/in 2 attempts, at last: no data within 0.1 s/);
  });

  it('stops at once when it is told to', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const store = storeThroughProxy();
    on('PUT', { first: () => (abort.abort(reason), new Promise(() => undefined)) });
    await expect(store.put(object(), body, options, abort.signal)).rejects.toBe(reason);
    await expect(store.head(object(), abort.signal)).rejects.toBe(reason);
  });

  it('says that a conditional write whose answer was lost met an object: it may be its own', async () => {
    on('PUT', 'lose_answer');
    const store = storeThroughProxy();
    const there = object();
    const written = store.put(there, body, { ...options, condition: { ifNoneMatch: '*' } });
    await expect(written).rejects.toThrow(PreconditionFailed);
    expect(await store.head(there)).toMatchObject({ size: body.length });
  });

  it('does not believe a store that echoes another checksum', async () => {
    on('PUT', { status: 200, headers: { etag: '"x"', 'x-amz-checksum-crc32': 'AAAAAA==' } });
    await expect(storeThroughProxy().put(object(), body, options)).rejects.toThrow(ChecksumRefused);
  });

  describe('completing an upload', () => {
    const begin = async (store: ReturnType<typeof storeOf>) => {
      const there = object();
      const { uploadId, checksumType } = await store.createUpload(there, {});
      const upload = { ...there, uploadId };
      const part = await store.uploadPart(upload, 1, body, crc32(body));
      const complete = () =>
        store.completeUpload(upload, [part], { ...options, checksumType, size: body.length });
      return { upload, complete };
    };
    const onComplete = (fault: Fault['fault']): void =>
      proxy.add({ when: ({ method, url }) => method === 'POST' && !url.includes('uploads='), fault });

    it('tries again after a 200 that holds an error', async () => {
      const store = storeThroughProxy();
      const { upload, complete } = await begin(store);
      onComplete({ status: 200, body: error('InternalError') });
      onComplete({ status: 200, body: '   ' });
      await complete();
      expect(await store.head(upload)).toMatchObject({ size: body.length });
    });

    it('takes what a 200 says at its word', async () => {
      const { complete } = await begin(storeThroughProxy());
      onComplete({ status: 200, body: error('PreconditionFailed') });
      await expect(complete()).rejects.toThrow(PreconditionFailed);
    });

    it.each(['lose_answer', 'break_answer'] as const)(
      'has made the object where there is %s, whatever a second try is told',
      async (fault) => {
        const store = storeThroughProxy();
        const { upload, complete } = await begin(store);
        onComplete(fault);
        // S3 knows a completed upload for a while, or does not: both may be.
        await complete().catch((failure: unknown) => expect(failure).toBeInstanceOf(UploadNotFound));
        expect(await store.head(upload)).toMatchObject({ size: body.length });
      },
    );
  });

  it('reads on where an answer broke off', async () => {
    const store = storeThroughProxy();
    const there = object();
    await store.put(there, body, options);
    proxy.forget();
    on('GET', 'break_answer', 2);
    const chunks: Buffer[] = [];
    for await (const chunk of store.stream(there, { start: 0, end: body.length })) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
    const starts = proxy.seen.map(({ headers }) => Number(/\d+/.exec(String(headers.range))?.[0]));
    expect(starts).toHaveLength(3);
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[2]).toBeGreaterThan(starts[1]!);

    on('GET', 'break_answer', 2);
    const range = { start: MIB, end: body.length };
    expect((await store.read(there, range)).equals(body.subarray(MIB))).toBe(true);
  });

  it('goes by the clock of the store from its refusal on', async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    on('PUT', { status: 403, headers: { date: ahead.toUTCString() }, body: error('RequestTimeTooSkewed') });
    on('PUT', { status: 200 }, 2);
    const store = storeThroughProxy();
    await store.put(object(), body, options);
    await store.put(object(), body, options);
    const dates = proxy.seen.map(({ headers }) => {
      const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(String(headers['x-amz-date'])) ?? [];
      return Date.parse(
        `${day!.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')}T${time!.replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}Z`,
      );
    });
    expect(dates).toHaveLength(3);
    for (const date of dates.slice(1)) expect(Math.abs(date - ahead.getTime())).toBeLessThan(600_000);
  });

  it('goes by the clock of the store in all that was signed before its first refusal came', async () => {
    const ahead = new Date(Date.now() + 3_600_000).toUTCString();
    // Without a body, as any answer to a HEAD, so that the date is all that tells it from a lack of rights.
    on('HEAD', { status: 403, headers: { date: ahead } }, 3);
    on('HEAD', { status: 404 }, 3);
    const store = storeThroughProxy();
    const looks = [object(), object(), object()].map((there) => store.head(there));
    expect(await Promise.all(looks)).toEqual([undefined, undefined, undefined]);
    expect(proxy.seen).toHaveLength(6);
  });

  it.each<[string, string, string, (store: ObjectStore) => Promise<unknown>]>([
    ['a write', 'PUT', error('ExpiredToken'), (store) => store.put(object(), body, options)],
    ['a look, whose answer does not say so', 'HEAD', '', (store) => store.head(object())],
  ])('asks for newer credentials when they have expired at %s', async (_what, method, said, run) => {
    const issued = { ...server.credentials, accessKeyId: 'OLD', sessionToken: 'old' };
    const credentials = jest.fn((wish?: { forceRefresh?: boolean }) =>
      Promise.resolve(wish?.forceRefresh === true ? server.credentials : issued),
    );
    on(method, { status: 400, body: said });
    await run(storeThroughProxy({ credentials }));
    expect(proxy.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization!)?.[1])).toEqual([
      'OLD',
      server.credentials.accessKeyId,
    ]);
    expect(credentials.mock.calls).toEqual([[undefined], [{ forceRefresh: true }]]);
  });

  it('waits as for a dependency when the newest credentials are refused, or there are none', async () => {
    on('PUT', { status: 403, body: error('InvalidAccessKeyId') }, 100);
    const refused = storeThroughProxy().put(object(), body, options);
    await expect(refused).rejects.toThrow(/does not take this process's AWS credentials/);
    expect(proxy.seen).toHaveLength(2);
    const none = storeThroughProxy({ credentials: () => Promise.reject(new Error('no service')) });
    await expect(none.head(object())).rejects.toThrow(DependencyUnavailable);
  });

  it('follows a bucket to its region, once', async () => {
    on('HEAD', { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } });
    on('HEAD', { status: 200, headers: { 'content-length': '0' } }, 2);
    const store = storeThroughProxy();
    await store.head(object());
    await store.head(object());
    expect(
      proxy.seen.map(({ headers }) => /Credential=[^,]*/.exec(headers.authorization!)?.[0].split('/')[2]),
    ).toEqual([server.region, 'eu-west-1', 'eu-west-1']);
    on('HEAD', { status: 301 });
    await expect(store.head(object())).rejects.toThrow(/lies in another region/);
  });

  it('asks for the bucket of one account where it is told to', async () => {
    await storeThroughProxy({ expectedBucketOwner: '000000000000' }).head(object());
    expect(proxy.seen[0]?.headers['x-amz-expected-bucket-owner']).toBe('000000000000');
    expect(proxy.seen[0]?.headers.authorization).toContain('x-amz-expected-bucket-owner');
  });
});
