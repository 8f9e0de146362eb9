import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { EntryRefused } from '#vachan/pipelines/exports/errors.js';
import { freshFolder, freshName } from '../../embedded-stack.js';
import { controlsOf, entryOf } from './entries.js';
import { startInstallation, type Installation } from './installation.js';
import { sharedServer, type ObjectServer } from './object-server.js';
import { hasVersityGateway, startVersityGateway } from './versity-gateway.js';

const MIB = 1024 * 1024;
/** Three parts, the last one short. */
const LARGE = randomBytes(19 * MIB);
const OTHER_LARGE = randomBytes(19 * MIB);
const SMALL = randomBytes(100_000);
const NOTHING = { uploads: [], records: [] };

describe('the uploader with ministack', () => againstServer(() => Promise.resolve(sharedServer())));
(hasVersityGateway ? describe : describe.skip)('the uploader with versitygw', () =>
  againstServer(() => startVersityGateway(freshFolder())),
);

function againstServer(start: () => Promise<ObjectServer>): void {
  let at: Installation;
  const freshKey = (): string => `out/${freshName('key')}/odd & name.bin`;
  const object = (key: string) => ({ bucket: at.bucket, key });
  const holds = async (key: string, content: Buffer): Promise<void> => {
    const found = await at.store.read(object(key), { start: 0, end: content.length });
    expect(found.equals(content)).toBe(true);
    expect(await at.store.head(object(key))).toMatchObject({ size: content.length });
  };
  const onComplete = { when: ({ method, url }: { method: string; url: string }) => isComplete(method, url) };

  beforeAll(async () => {
    at = await startInstallation(await start());
  }, 900_000);
  beforeEach(() => at.proxy.forget());
  afterEach(() => expect(at.budget).toMatchObject({ heldBytes: 0, waiting: 0 }));
  afterAll(() => at.close());

  describe.each([
    ['small', SMALL, OTHER_LARGE.subarray(0, 100_000)],
    ['large', LARGE, OTHER_LARGE],
  ])('with a %s entry', (_size, content, otherContent) => {
    it('makes an object of it once, and reads nothing of it the next time', async () => {
      const key = freshKey();
      const { entry, reads, bytesRead } = entryOf(content, { key, contentType: 'text/csv' });
      const controls = controlsOf();
      const bytes = content.length;
      expect(await at.uploader.upload(entry, controls)).toEqual({
        outcome: 'uploaded',
        bytesUploaded: bytes,
      });
      expect(controls.progress.reduce((sum, part) => sum + part)).toBe(bytes);
      expect(bytesRead()).toBe(bytes);
      await holds(key, content);
      expect(await at.store.head(object(key))).toMatchObject({
        contentType: 'text/csv',
        metadata: {
          'vachan-entry': 'default/one%2Ftwo/3/7',
          'vachan-crc32': hex(content),
          'vachan-archive': '"archive-1"',
        },
      });
      reads.length = 0;
      expect(await at.uploader.upload(entry, controlsOf())).toEqual({
        outcome: 'uploaded',
        bytesUploaded: 0,
      });
      expect(reads).toEqual([]);
      expect(await at.leftovers()).toEqual(NOTHING);
    });

    it("skips what another job has made, and leaves another's object alone unless it is told to", async () => {
      const key = freshKey();
      await at.uploader.upload(entryOf(content, { key }).entry, controlsOf());
      const job = { source: 'default', export_id: 'another' };
      const equal = entryOf(content, { key, job });
      expect(await at.uploader.upload(equal.entry, controlsOf())).toEqual({
        outcome: 'skipped_equal',
        bytesUploaded: 0,
      });
      const other = entryOf(otherContent, { key, job });
      expect(await at.uploader.upload(other.entry, controlsOf())).toMatchObject({
        outcome: 'rejected',
        reason: 'key_taken',
        stated: expect.stringContaining(hex(otherContent)) as string,
        found: expect.stringContaining(hex(content)) as string,
      });
      expect([...equal.reads, ...other.reads]).toEqual([]);
      await holds(key, content);

      const replacing = at.with({ keyTaken: 'replace' });
      expect(await replacing.upload(other.entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
      await holds(key, otherContent);
    });

    it('replaces what it made itself of an archive that has changed', async () => {
      const key = freshKey();
      await at.uploader.upload(entryOf(content, { key }).entry, controlsOf());
      const changed = entryOf(otherContent, { key, archiveTag: '"archive-2"' });
      expect(await at.uploader.upload(changed.entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
      await holds(key, otherContent);
    });

    it('knows what it made of an archive before, wherever the entry stood in that', async () => {
      const key = freshKey();
      await at.uploader.upload(entryOf(content, { key, n: 7 }).entry, controlsOf());
      const equal = entryOf(content, { key, n: 8, archiveTag: '"archive-2"' });
      expect(await at.uploader.upload(equal.entry, controlsOf())).toEqual({
        outcome: 'uploaded',
        bytesUploaded: 0,
      });
      const changed = entryOf(otherContent, { key, n: 8, archiveTag: '"archive-2"' });
      expect(await at.uploader.upload(changed.entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
      await holds(key, otherContent);
      // Of the same archive another entry, which its metadata gives the same key.
      const second = entryOf(content, { key, n: 9, archiveTag: '"archive-2"' });
      expect(await at.uploader.upload(second.entry, controlsOf())).toMatchObject({ reason: 'key_taken' });
      const otherFile = entryOf(content, { key, ordinal: 33, archiveTag: '"archive-3"' });
      expect(await at.uploader.upload(otherFile.entry, controlsOf())).toMatchObject({ reason: 'key_taken' });
      await holds(key, otherContent);
    });

    it('makes an object only of content that has all of its digests', async () => {
      const key = freshKey();
      const digestOf = (algorithm: 'md5' | 'sha256') => ({
        algorithm,
        value: createHash(algorithm).update(content).digest('hex'),
      });
      const right = [digestOf('sha256'), digestOf('md5')];
      for (const { algorithm, value } of right) {
        const stated = value.replaceAll(/[0-9a-f]/g, '0');
        const digests = right.map((each) =>
          each.algorithm === algorithm ? { algorithm, value: stated } : each,
        );
        const wrong = entryOf(content, { key, digests });
        expect(await at.uploader.upload(wrong.entry, controlsOf())).toEqual({
          outcome: 'rejected',
          reason: 'metadata_checksum',
          detail: algorithm,
          stated,
          found: value,
        });
      }
      expect(await at.store.head(object(key))).toBeUndefined();
      expect(await at.leftovers()).toEqual(NOTHING);
      const shouted = right.map(({ algorithm, value }) => ({ algorithm, value: value.toUpperCase() }));
      const { entry } = entryOf(content, { key, digests: shouted });
      expect(await at.uploader.upload(entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
    });

    it('leaves nothing of content that is refused, or shorter or longer than stated', async () => {
      const key = freshKey();
      const refused = new EntryRefused('crc', 'not what the archive states');
      async function* failing(): AsyncGenerator<Buffer> {
        yield content.subarray(0, content.length - 10);
        await Promise.resolve();
        throw refused;
      }
      const failed = at.uploader.upload(entryOf(content, { key, content: failing }).entry, controlsOf());
      await expect(failed).rejects.toBe(refused);
      for (const size of [content.length - 1, content.length + 1]) {
        const { entry } = entryOf(content, { key, size });
        await expect(at.uploader.upload(entry, controlsOf())).rejects.toMatchObject({ reason: 'size' });
      }
      expect(await at.store.head(object(key))).toBeUndefined();
      expect(await at.leftovers()).toEqual(NOTHING);
    });

    it('lets one of two win that map to one key at the same time', async () => {
      const key = freshKey();
      const job = { source: 'default', export_id: 'another' };
      const race = (contents: readonly [Buffer, Buffer]) =>
        Promise.all([
          at.uploader.upload(entryOf(contents[0], { key }).entry, controlsOf()),
          at.uploader.upload(entryOf(contents[1], { key, job }).entry, controlsOf()),
        ]);
      const different = await race([content, otherContent]);
      expect(different.map(({ outcome }) => outcome).sort()).toEqual(['rejected', 'uploaded']);
      await holds(key, different[0].outcome === 'uploaded' ? content : otherContent);
      expect(await at.leftovers()).toEqual(NOTHING);
    });

    it('comes through lost answers, storms and conflicts', async () => {
      const key = freshKey();
      const { entry } = entryOf(content, { key });
      const put = ({ method }: { method: string }): boolean => method === 'PUT';
      at.proxy.add({
        when: put,
        times: 2,
        fault: { status: 503, body: '<Error><Code>SlowDown</Code></Error>' },
      });
      at.proxy.add({ when: put, fault: 'lose_answer' });
      at.proxy.add({ ...onComplete, fault: 'lose_answer' });
      expect(await at.uploader.upload(entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
      await holds(key, content);

      const again = entryOf(content, { key: freshKey() });
      const conflict = {
        status: 409,
        body: '<Error><Code>ConditionalRequestConflict</Code></Error>',
      };
      at.proxy.add({
        when: ({ method, url }) =>
          isComplete(method, url) || (method === 'PUT' && !url.includes('partNumber')),
        times: 2,
        fault: conflict,
      });
      expect(await at.uploader.upload(again.entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
      await holds(again.entry.key, content);
      expect(await at.leftovers()).toEqual(NOTHING);
    });
  });

  it('makes objects of entries without a byte', async () => {
    const key = freshKey();
    const { entry } = entryOf(Buffer.alloc(0), { key });
    expect(await at.uploader.upload(entry, controlsOf())).toEqual({ outcome: 'uploaded', bytesUploaded: 0 });
    expect(await at.store.head(object(key))).toMatchObject({ size: 0 });
  });

  it('stops looking first where nothing is found, and begins again where something is', async () => {
    const key = (n: number): string => `out/many-${at.bucket}/${n}`;
    const job = { source: 'default', export_id: freshName('many') };
    const entry = (n: number) => entryOf(SMALL, { job, n, key: key(n) });
    for (let n = 0; n < 20; n++) await at.uploader.upload(entry(n).entry, controlsOf());
    const heads = (): number => at.proxy.seen.filter(({ method }) => method === 'HEAD').length;
    expect(heads()).toBe(8);
    const second = entry(0);
    expect(await at.uploader.upload(second.entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
    const third = entry(1);
    await at.uploader.upload(third.entry, controlsOf());
    expect([second.bytesRead(), third.bytesRead()]).toEqual([SMALL.length, 0]);
  });
}

function isComplete(method: string, url: string): boolean {
  return method === 'POST' && url.includes('uploadId=');
}

function hex(content: Buffer): string {
  return crc32(content).toString(16).padStart(8, '0');
}
