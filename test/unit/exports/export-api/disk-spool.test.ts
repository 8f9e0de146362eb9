import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createDiskSpool } from '../../../../src/pipelines/exports/export-api/link/spool/disk-spool.js';
import { createLinkPolicy } from '../../../../src/pipelines/exports/export-api/link/link-policy.js';
import { Crc64Nvme } from '../../../../src/objects/download/crc64-nvme.js';
import { FILE, JOB, openerOf, startLinkServer, type LinkServer } from './link-server.js';

const CONTENT = randomBytes(400_000);

describe('a file that cannot be read in place, kept on disk', () => {
  let server: LinkServer;
  let folder: string;
  let close: () => void;

  beforeEach(async () => {
    server = await startLinkServer(CONTENT);
    folder = mkdtempSync(join(tmpdir(), 'vachan-spool-'));
    serveWhole();
  });
  afterEach(async () => {
    close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Without ranges, and without a length where a server makes its answer as it goes. */
  function serveWhole({ cut = 0, withLength = true, after = 0 } = {}): void {
    server.fault = (_, response) => {
      response.writeHead(200, withLength ? { 'content-length': CONTENT.length } : {});
      const broken = server.requests.length > after && server.requests.length <= after + cut;
      if (broken) response.write(CONTENT.subarray(0, 100_000), () => response.destroy());
      else response.end(CONTENT);
      return true;
    };
  }

  it('is taken from a server that calls the whole a range of all of it', async () => {
    server.fault = (_, response) => {
      const length = CONTENT.length;
      response.writeHead(206, {
        'content-range': `bytes 0-${length - 1}/${length}`,
        'content-length': length,
      });
      response.end(CONTENT);
      return true;
    };
    const spooled = await open();
    expect((await spooled.read(0, CONTENT.length)).equals(CONTENT)).toBe(true);
    await spooled.close();
  });

  function open(file = {}) {
    const policy = createLinkPolicy({ privateHosts: [server.host] });
    const spool = createDiskSpool(
      { policy, stallMs: 5_000, maxRetries: 2, random: () => 0 },
      { path: () => Promise.resolve(folder) },
    );
    const opener = openerOf([server], () => ({ url: server.url }), { spool });
    close = () => {
      policy.close();
      opener.close();
    };
    return opener.open(JOB, { ...FILE, ...file });
  }

  it.each([true, false])(
    'is read from there, and removed when it is settled (stated length: %s)',
    async (withLength) => {
      serveWhole({ withLength });
      const file = await open({ size: CONTENT.length });
      expect(file.size).toBe(CONTENT.length);
      expect((await file.read(1000, 2000)).equals(CONTENT.subarray(1000, 2000))).toBe(true);
      expect(readdirSync(folder)).toHaveLength(1);
      await file.close();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('begins again where a body breaks off, and gives up after so many', async () => {
    serveWhole({ after: 1, cut: 1 });
    const file = await open();
    expect((await file.read(0, CONTENT.length)).equals(CONTENT)).toBe(true);
    await file.close();
    close();
    serveWhole({ after: server.requests.length + 1, cut: 100 });
    await expect(open()).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('holds the content against each checksum of a listing', async () => {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(CONTENT));
    const nvme = new Crc64Nvme();
    nvme.update(CONTENT);
    const right: Record<string, Buffer> = { crc32: crc, crc64nvme: Buffer.from(await nvme.digest()) };
    for (const name of ['md5', 'sha1', 'sha256']) right[name] = createHash(name).update(CONTENT).digest();
    for (const [algorithm, bytes] of Object.entries(right)) {
      for (const form of ['hex', 'base64'] as const) {
        const file = await open({ checksum: { algorithm, value: bytes.toString(form) } });
        await file.close();
        close();
        const value = Buffer.from(bytes.map((byte) => byte ^ 1)).toString(form);
        await expect(open({ checksum: { algorithm, value } })).rejects.toMatchObject({
          name: 'FileRefused',
          reason: 'listing_checksum',
        });
        close();
      }
    }
    expect(readdirSync(folder)).toEqual([]);
    await expect(open({ size: 3 })).rejects.toMatchObject({ reason: 'listing_size' });
  });

  it('holds a size that no header states against the listing', async () => {
    serveWhole({ withLength: false });
    await expect(open({ size: 3 })).rejects.toMatchObject({ reason: 'listing_size' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
