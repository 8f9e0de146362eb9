import { spawn } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { freshFolder } from '../../embedded-stack.js';
import { controlsOf, entryOf } from './entries.js';
import { startInstallation, type Installation } from './installation.js';
import { QUICK_LIMITS, sharedServer } from './object-server.js';
import { hasVersityGateway, startVersityGateway } from './versity-gateway.js';

const MIB = 1024 * 1024;
const PART = 8 * MIB;
const SIZE = 60 * MIB;
const content = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(SIZE));
const server = hasVersityGateway
  ? () => startVersityGateway(freshFolder())
  : () => Promise.resolve(sharedServer());

describe('a process that is killed in the middle of an upload', () => {
  let started: Awaited<ReturnType<typeof server>>;
  let at: Installation;
  beforeAll(async () => {
    started = await server();
    at = await startInstallation(started);
  }, 900_000);
  afterAll(() => at.close());

  it.each([
    ['stored', true],
    ['deflated', false],
  ])('has its %s entry go on with the parts that are missing', async (kind, seekable) => {
    at.proxy.forget();
    const { entry, reads, bytesRead } = entryOf(content, { key: `out/killed/${kind}`, n: 0, seekable });
    const needs = {
      server: started,
      proxyUrl: at.proxy.endpointUrl,
      bucket: at.bucket,
      limits: QUICK_LIMITS,
      entry,
      bytes: SIZE,
    };
    const child = spawn(process.execPath, [join(__dirname, 'uploading-process.cjs'), JSON.stringify(needs)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = once(child, 'exit');
    at.proxy.add({
      when: ({ url }) => url.includes('partNumber=6'),
      fault: { first: () => (child.kill('SIGKILL'), ended) },
    });
    expect(await ended).toEqual([null, 'SIGKILL']);

    const { uploads, records } = await at.leftovers();
    expect([uploads, records.length]).toEqual([[entry.key], 1]);
    const stored = await storedParts();
    expect(stored.length).toBeGreaterThanOrEqual(3);
    at.proxy.forget();

    const outcome = await at.uploader.upload(entry, controlsOf());
    const sent = at.partsSent();
    expect(sent.filter((number) => stored.includes(number))).toEqual([]);
    const sentBytes = sent.reduce((sum, number) => sum + Math.min(PART, SIZE - (number - 1) * PART), 0);
    expect(outcome).toEqual({ outcome: 'uploaded', bytesUploaded: sentBytes });
    // Content comes in chunks that end beyond the last part that is wanted.
    if (seekable) expect(bytesRead()).toBeLessThan(sentBytes + reads.length * MIB);
    else expect(reads).toEqual([{ from: 0, to: SIZE }]);
    const found = await at.store.read({ bucket: at.bucket, key: entry.key }, { start: 0, end: SIZE });
    expect(found.equals(content)).toBe(true);
    expect(await at.leftovers()).toEqual({ uploads: [], records: [] });
  });

  /** What the store has, once what was under way when the process died has come to its end. */
  async function storedParts(): Promise<number[]> {
    for await (const upload of at.store.listUploads(at.bucket, 'out/')) {
      const parts = await at.store.listParts(upload);
      return parts.map(({ partNumber }) => partNumber);
    }
    throw new Error('there is no upload');
  }
});
