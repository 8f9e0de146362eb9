import { createHash, randomBytes } from 'node:crypto';
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { UploadYielded } from '#vachan/pipelines/exports/errors.js';
import { DependencyUnavailable } from '#vachan/platform/errors.js';
import { freshFolder, freshName } from '../../embedded-stack.js';
import { controlsOf, entryOf } from './entries.js';
import { startInstallation, type Installation } from './installation.js';
import { sharedServer, type ObjectServer } from './object-server.js';
import { hasVersityGateway, startVersityGateway } from './versity-gateway.js';

const MIB = 1024 * 1024;
/** Three parts, the last one short. */
const LARGE = randomBytes(19 * MIB);
const OTHER_LARGE = randomBytes(19 * MIB);
const NOTHING = { uploads: [], records: [] };

describe('uploads that stop, with ministack', () => againstServer(() => Promise.resolve(sharedServer())));
(hasVersityGateway ? describe : describe.skip)('uploads that stop, with versitygw', () =>
  againstServer(() => startVersityGateway(freshFolder())),
);

function againstServer(start: () => Promise<ObjectServer>): void {
  let at: Installation;
  const freshKey = (): string => `out/default/one%2Ftwo/${freshName('key')}/odd & name.bin`;
  const holds = async (key: string, content: Buffer): Promise<void> => {
    const found = await at.store.read({ bucket: at.bucket, key }, { start: 0, end: content.length });
    expect(found.equals(content)).toBe(true);
  };

  beforeAll(async () => {
    at = await startInstallation(await start());
  }, 900_000);
  beforeEach(() => at.proxy.forget());
  afterEach(() => expect(at.budget).toMatchObject({ heldBytes: 0, waiting: 0 }));
  afterAll(() => at.close());

  describe('an upload that was stopped', () => {
    /** Stops before the second of three parts is sent. */
    const stopAfterOnePart = async (entry: ReturnType<typeof entryOf>['entry']): Promise<void> => {
      let parts = 0;
      const stopping = at.uploader.upload(entry, controlsOf({ shouldYield: () => parts++ > 0 }));
      await expect(stopping).rejects.toThrow(UploadYielded);
      expect(at.partsSent()).toEqual([1]);
      expect(await at.leftovers()).toMatchObject({
        uploads: [entry.key],
        records: [expect.stringMatching(/uploads\/0000003-7\.json$/)],
      });
      at.proxy.forget();
    };

    it('goes on by byte where the entry is stored', async () => {
      const { entry, reads } = entryOf(LARGE, { key: freshKey() });
      await stopAfterOnePart(entry);
      reads.length = 0;
      expect(await at.uploader.upload(entry, controlsOf())).toEqual({
        outcome: 'uploaded',
        bytesUploaded: 11 * MIB,
      });
      expect(reads).toEqual([{ from: 8 * MIB, to: 19 * MIB }]);
      expect(at.partsSent().sort()).toEqual([2, 3]);
      await holds(entry.key, LARGE);
      expect(await at.leftovers()).toEqual(NOTHING);
    });

    it('reads all again where it is deflated, or has a digest, and sends what is missing', async () => {
      const md5 = { algorithm: 'md5' as const, value: createHash('md5').update(LARGE).digest('hex') };
      for (const options of [{ seekable: false }, { digests: [md5] }]) {
        at.proxy.forget();
        const { entry, reads } = entryOf(LARGE, { key: freshKey(), ...options });
        await stopAfterOnePart(entry);
        reads.length = 0;
        expect(await at.uploader.upload(entry, controlsOf())).toMatchObject({ bytesUploaded: 11 * MIB });
        expect(reads).toEqual([{ from: 0, to: 19 * MIB }]);
        expect(at.partsSent().sort()).toEqual([2, 3]);
        await holds(entry.key, LARGE);
      }
    });

    it('finds out that what was sent before is not the same', async () => {
      const { entry } = entryOf(OTHER_LARGE, { key: freshKey() });
      const lying = entryOf(LARGE, { key: entry.key, crc32: entry.crc32 });
      await stopAfterOnePart(lying.entry);
      const { entry: right } = entryOf(OTHER_LARGE, { key: entry.key });
      // Its parts do not make the whole that is stated: it begins again, once.
      expect(await at.uploader.upload(right, controlsOf())).toMatchObject({ bytesUploaded: 19 * MIB });
      await holds(entry.key, OTHER_LARGE);
      expect(await at.leftovers()).toEqual(NOTHING);
    });

    it('begins again where the archive is another one, or the upload is gone', async () => {
      const first = entryOf(LARGE, { key: freshKey() });
      await stopAfterOnePart(first.entry);
      const changed = entryOf(LARGE, { key: first.entry.key, archiveTag: '"archive-2"' });
      expect(await at.uploader.upload(changed.entry, controlsOf())).toMatchObject({
        bytesUploaded: 19 * MIB,
      });

      at.proxy.forget();
      const second = entryOf(LARGE, { key: freshKey() });
      await stopAfterOnePart(second.entry);
      for await (const upload of at.store.listUploads(at.bucket, 'out/')) await at.store.abortUpload(upload);
      expect(await at.uploader.upload(second.entry, controlsOf())).toMatchObject({ bytesUploaded: 19 * MIB });
      expect(await at.leftovers()).toEqual(NOTHING);
    });

    it('is let go of when its job is cancelled, and when an old job is swept', async () => {
      await stopAfterOnePart(entryOf(LARGE, { key: freshKey() }).entry);
      const job = { source: 'default', export_id: 'one/two' };
      expect(await at.uploader.abortRecorded({ ...job, export_id: 'one' })).toBe(0);
      expect(await at.uploader.abortRecorded(job)).toBe(1);
      expect(await at.leftovers()).toEqual(NOTHING);

      await stopAfterOnePart(entryOf(LARGE, { key: freshKey() }).entry);
      const tomorrow = (): number => Date.now() + 25 * 3_600_000;
      const asked: unknown[] = [];
      const answer = (runs: boolean) => (asking: unknown) => (asked.push(asking), Promise.resolve(runs));
      expect(await at.sweep({ isRunning: answer(false) })).toBe(0);
      expect(await at.sweep({ isRunning: answer(true), now: tomorrow })).toBe(0);
      expect(await at.sweep({ isRunning: answer(false), now: tomorrow })).toBe(1);
      expect(asked).toEqual([job, job]);
      expect(await at.leftovers()).toEqual(NOTHING);
    });
  });

  it('is swept where its process died before it could write down that it had begun', async () => {
    const begin = async (key: string): Promise<string> => {
      await at.sdk.send(new CreateMultipartUploadCommand({ Bucket: at.bucket, Key: key }));
      return key;
    };
    const orphan = await begin(freshKey());
    const others = await Promise.all(
      ['default/three/a', 'default/%zz/a', 'Default/one%2Ftwo/a', 'default/one%2ftwo/a', 'a'].map((path) =>
        begin(`out/${path}`),
      ),
    );
    const cursor = 'state/default/one%2Ftwo/listing-cursor.json';
    await at.state.objects.write(cursor, '{}');
    const now = (): number => Date.now() + 25 * 3_600_000;
    const running = at.sweep({ isRunning: () => Promise.resolve(true), now });
    expect(await running).toBe(0);
    expect((await at.leftovers()).uploads.sort()).toEqual([orphan, ...others].sort());
    expect(await at.sweep({ isRunning: () => Promise.resolve(false), now })).toBe(1);
    expect((await at.leftovers()).uploads.sort()).toEqual([...others].sort());
    await at.state.objects.delete(cursor);
    for await (const upload of at.store.listUploads(at.bucket, 'out/')) await at.store.abortUpload(upload);
  });

  it('begins an upload again once that disappears, and then waits as for a dependency', async () => {
    const gone = { status: 404, body: '<Error><Code>NoSuchUpload</Code></Error>' };
    const onPart = ({ url }: { url: string }): boolean => url.includes('partNumber=2');
    at.proxy.add({ when: onPart, fault: gone });
    const { entry } = entryOf(LARGE, { key: freshKey() });
    expect(await at.uploader.upload(entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
    await holds(entry.key, LARGE);

    at.proxy.add({ when: onPart, times: 2, fault: gone });
    const twice = at.uploader.upload(entryOf(LARGE, { key: freshKey() }).entry, controlsOf());
    await expect(twice).rejects.toThrow(DependencyUnavailable);
    expect(await at.leftovers()).toEqual(NOTHING);
  });

  it('keeps what it has when it is aborted or its store goes away', async () => {
    const { entry } = entryOf(LARGE, { key: freshKey() });
    const abort = new AbortController();
    const reason = new Error('enough');
    at.proxy.add({
      when: ({ url }) => url.includes('partNumber=2'),
      fault: { first: () => (abort.abort(reason), Promise.resolve()) },
    });
    await expect(at.uploader.upload(entry, controlsOf({ signal: abort.signal }))).rejects.toBe(reason);
    at.proxy.add({
      when: ({ method, url }) => method === 'POST' && url.includes('uploadId='),
      times: 100,
      fault: { status: 503 },
    });
    await expect(at.uploader.upload(entry, controlsOf())).rejects.toThrow(DependencyUnavailable);
    at.proxy.forget();
    expect(await at.uploader.upload(entry, controlsOf())).toMatchObject({ outcome: 'uploaded' });
    expect(at.partsSent()).toEqual([]);
    await holds(entry.key, LARGE);
    expect(await at.leftovers()).toEqual(NOTHING);
  });
}
