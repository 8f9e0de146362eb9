import { randomBytes, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GetObjectTaggingCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ObjectNotFound } from '#vachan/objects/errors.js';
import {
  ChecksumRefused,
  PartsRefused,
  PreconditionFailed,
  UploadNotFound,
} from '#vachan/objects/write-errors.js';
import type { ObjectStore, StoredPart } from '#vachan/objects/data-path/object-store.js';
import { freshFolder } from '../../embedded-stack.js';
import { createBucket, sdkClientOf, sharedServer, storeOf, type ObjectServer } from './object-server.js';
import { hasVersityGateway, startVersityGateway } from './versity-gateway.js';

const MIB = 1024 * 1024;
const ODD_KEYS = [
  'plain/key.txt',
  'space and + plus',
  'all !\'()* of & them <"> = ?#%',
  'ñandú/日本語/🙂',
  'looks%2Fencoded%20already',
  'dot./..dots/...',
];

describe('the data path against ministack', () => againstServer(() => Promise.resolve(sharedServer())));
(hasVersityGateway ? describe : describe.skip)('the data path against versitygw', () =>
  againstServer(() => startVersityGateway(freshFolder())),
);

function againstServer(start: () => Promise<ObjectServer>): void {
  let server: ObjectServer;
  let sdk: S3Client;
  let store: ObjectStore;
  let bucket: string;
  const collected = async (chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
    const all: Buffer[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return Buffer.concat(all);
  };

  beforeAll(async () => {
    server = await start();
    sdk = sdkClientOf(server);
    store = storeOf(server);
    bucket = await createBucket(sdk, `data-path-${randomUUID().slice(0, 8)}`);
  }, 900_000);
  afterAll(async () => {
    store.close();
    sdk.destroy();
    await server.stop();
  });

  it('writes objects of odd keys that the SDK finds, with what was said of them', async () => {
    const body = randomBytes(70_000);
    for (const key of ODD_KEYS) {
      const attributes = {
        contentType: 'text/x-odd',
        metadata: { 'vachan-crc32': '0000abcd' },
        tags: { team: 'data + more=1', empty: '' },
      };
      await store.put({ bucket, key }, body, { crc32: crc32(body), attributes });
      const seen = await sdk.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      expect(seen).toMatchObject({
        ContentLength: 70_000,
        ContentType: 'text/x-odd',
        Metadata: { 'vachan-crc32': '0000abcd' },
      });
      const { TagSet: tags } = await sdk.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
      expect(tags).toEqual(
        expect.arrayContaining([
          { Key: 'team', Value: 'data + more=1' },
          { Key: 'empty', Value: '' },
        ]),
      );
      expect(await store.head({ bucket, key })).toMatchObject({
        size: 70_000,
        crc32: crc32(body),
        contentType: 'text/x-odd',
        metadata: { 'vachan-crc32': '0000abcd' },
      });
    }
  });

  it('finds nothing where there is nothing, and says so of a bucket', async () => {
    expect(await store.head({ bucket, key: 'nothing' })).toBeUndefined();
    await expect(store.read({ bucket, key: 'nothing' }, { start: 0, end: 1 })).rejects.toThrow(
      ObjectNotFound,
    );
    const noBucket = { bucket: 'no-such-bucket-at-all', key: 'k' };
    await expect(store.put(noBucket, Buffer.alloc(0), { crc32: 0 })).rejects.toThrow(/No such bucket/);
  });

  it('writes objects of no bytes, in one piece and in many', async () => {
    await store.put({ bucket, key: 'empty' }, Buffer.alloc(0), { crc32: 0 });
    expect(await store.head({ bucket, key: 'empty' })).toMatchObject({ size: 0 });
    const pieces = [randomBytes(3 * MIB), Buffer.alloc(0), randomBytes(10), randomBytes(MIB)];
    const whole = Buffer.concat(pieces);
    await store.put({ bucket, key: 'pieces' }, pieces, { crc32: crc32(whole) });
    const read = await store.read({ bucket, key: 'pieces' }, { start: 0, end: whole.length });
    expect(read.equals(whole)).toBe(true);
  });

  it('has the store refuse a body that does not have its CRC-32', async () => {
    const body = randomBytes(1000);
    const wrong = store.put({ bucket, key: 'wrong' }, body, { crc32: crc32(body) ^ 1 });
    await expect(wrong).rejects.toThrow(ChecksumRefused);
    expect(await store.head({ bucket, key: 'wrong' })).toBeUndefined();
  });

  it('writes on a condition', async () => {
    const object = { bucket, key: 'conditional' };
    const [one, two] = [Buffer.from('one'), Buffer.from('two')] as const;
    const { etag } = await store.put(object, one, { crc32: crc32(one), condition: { ifNoneMatch: '*' } });
    const again = store.put(object, two, { crc32: crc32(two), condition: { ifNoneMatch: '*' } });
    await expect(again).rejects.toThrow(PreconditionFailed);
    const condition = { ifMatch: etag! };
    await store.put(object, two, { crc32: crc32(two), condition });
    await expect(store.put(object, one, { crc32: crc32(one), condition })).rejects.toThrow(
      PreconditionFailed,
    );
    expect(await store.read(object, { start: 0, end: 3 })).toEqual(two);
  });

  it('reads and streams ranges of the object that is meant', async () => {
    const body = randomBytes(3 * MIB + 17);
    const object = { bucket, key: 'ranges' };
    const { etag: ifMatch } = await store.put(object, body, { crc32: crc32(body) });
    for (const [start, end] of [
      [0, 1],
      [1000, 70_000],
      [body.length - 1, body.length],
      [0, body.length],
      [5, 5],
    ] as const) {
      const range = { start, end, ifMatch };
      const wanted = body.subarray(start, end);
      expect((await store.read(object, range)).equals(wanted)).toBe(true);
      expect((await collected(store.stream(object, range))).equals(wanted)).toBe(true);
    }
    const other = store.read(object, { start: 0, end: 1, ifMatch: '"0123456789abcdef0123456789abcdef"' });
    await expect(other).rejects.toThrow(PreconditionFailed);
  });

  describe('in parts', () => {
    const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(123)];
    const whole = Buffer.concat(parts);
    const begin = async (key: string) => {
      const { uploadId, checksumType } = await store.createUpload(
        { bucket, key },
        { metadata: { 'vachan-entry': 'a/b/1/2' } },
      );
      const upload = { bucket, key, uploadId };
      const stored: StoredPart[] = [];
      for (const [index, part] of parts.entries())
        stored.push(await store.uploadPart(upload, index + 1, part, crc32(part)));
      return { upload, stored, checksumType };
    };

    it('makes an object of parts, and knows them until then', async () => {
      const { upload, stored, checksumType } = await begin('parts/whole & <odd>');
      expect(await store.listParts(upload)).toEqual(stored);
      const pending: string[] = [];
      for await (const { key, uploadId, initiated } of store.listUploads(bucket, 'parts/')) {
        expect(Math.abs(Date.now() - initiated.getTime())).toBeLessThan(600_000);
        pending.push(`${key} ${uploadId}`);
      }
      expect(pending).toContain(`${upload.key} ${upload.uploadId}`);
      await store.completeUpload(upload, stored, {
        crc32: crc32(whole),
        checksumType,
        size: whole.length,
        condition: { ifNoneMatch: '*' },
      });
      expect(await store.head(upload)).toMatchObject({
        size: whole.length,
        metadata: { 'vachan-entry': 'a/b/1/2' },
        crc32: server.keepsWholeChecksums ? crc32(whole) : undefined,
      });
      const read = await store.read(upload, { start: 0, end: whole.length });
      expect(read.equals(whole)).toBe(true);
      await expect(store.listParts(upload)).rejects.toThrow(UploadNotFound);
    });

    it('completes on a condition', async () => {
      const { upload, stored, checksumType } = await begin('parts/taken');
      await store.put(upload, Buffer.from('x'), { crc32: crc32('x') });
      const options = { crc32: crc32(whole), checksumType, size: whole.length };
      const completing = store.completeUpload(upload, stored, {
        ...options,
        condition: { ifNoneMatch: '*' },
      });
      await expect(completing).rejects.toThrow(PreconditionFailed);
      await store.abortUpload(upload);
      await store.abortUpload(upload);
      // Small, since a server that refuses a large body may hang up before it has read all of it.
      const late = Buffer.from('late');
      await expect(store.uploadPart(upload, 1, late, crc32(late))).rejects.toThrow(UploadNotFound);
    });

    it('has the store refuse a part that does not have its CRC-32, or parts that it does not have', async () => {
      const { upload, stored, checksumType } = await begin('parts/wrong');
      const wrong = store.uploadPart(upload, 4, parts[2]!, crc32(parts[2]!) ^ 1);
      await expect(wrong).rejects.toThrow(ChecksumRefused);
      const foreign = stored.map((part) => ({ ...part, etag: '"0123456789abcdef0123456789abcdef"' }));
      const options = { crc32: crc32(whole), checksumType, size: whole.length };
      await expect(store.completeUpload(upload, foreign, options)).rejects.toThrow(PartsRefused);
      await store.abortUpload(upload);
    });

    it('has the store refuse a whole that does not have its CRC-32, and parts that are too small', async () => {
      if (!server.keepsWholeChecksums) return;
      const { upload, stored, checksumType } = await begin('parts/wrong whole');
      const options = { crc32: crc32(whole) ^ 1, checksumType, size: whole.length };
      await expect(store.completeUpload(upload, stored, options)).rejects.toThrow(ChecksumRefused);
      expect(await store.head(upload)).toBeUndefined();
      await store.abortUpload(upload);

      const small = { bucket, key: 'parts/small', uploadId: '' };
      small.uploadId = (await store.createUpload(small, {})).uploadId;
      const two = [Buffer.from('ab'), Buffer.from('cd')];
      const sent = [];
      for (const [index, part] of two.entries())
        sent.push(await store.uploadPart(small, index + 1, part, crc32(part)));
      await expect(
        store.completeUpload(small, sent, { crc32: crc32('abcd'), checksumType, size: 4 }),
      ).rejects.toThrow(PartsRefused);
      await store.abortUpload(small);
    });
  });
}
