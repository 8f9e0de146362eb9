import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeleteObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createObjectStore } from '../../../../src/objects/data-path/create-object-store.js';
import type { ObjectRef, ObjectStore } from '../../../../src/objects/data-path/object-store.js';
import type { FileChecksum, ListedFile } from '../../../../src/pipelines/exports/contract/listed-file.js';
import { createLinkPolicy } from '../../../../src/pipelines/exports/export-api/link/link-policy.js';
import {
  createLinkOpener,
  type OpenedLink,
} from '../../../../src/pipelines/exports/export-api/link/open-link.js';
import { createS3Spool } from '../../../../src/pipelines/exports/export-api/link/spool/s3-spool.js';
import type { ExportSource } from '../../../../src/pipelines/exports/export-api/export-source.js';
import { createByteBudget } from '../../../../src/platform/byte-budget.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { exportsEndpoints, freshName } from '../../embedded-stack.js';

const md5Of = (content: Buffer): FileChecksum => ({
  algorithm: 'md5',
  value: createHash('md5').update(content).digest('hex'),
});

/** Three parts and a bit. */
const CONTENT = randomBytes(26_000_000);

describe('a file that cannot be read in place, kept in S3', () => {
  let server: Server;
  let s3: S3Client;
  let store: ObjectStore;
  let serve: Parameters<typeof createServer>[1] & {};
  let url: string;
  let object: ObjectRef;
  const budget = createByteBudget(64 * 1024 * 1024);

  beforeAll(async () => {
    const { store: address } = exportsEndpoints();
    s3 = new S3Client({ ...awsClientOptions(address), forcePathStyle: true });
    store = createObjectStore({
      region: address.region,
      endpoint: address.endpointUrl,
      credentials: s3.config.credentials,
      limits: { connectTimeoutMs: 5_000, silenceTimeoutMs: 20_000, maxRetries: 2, backoffBaseMs: 10 },
    });
    server = createServer((request, response) => {
      serve(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    s3.destroy();
    store.close();
  });
  beforeEach(() => {
    object = { bucket: exportsEndpoints().bucket, key: `state/_spool/${freshName('s')}` };
  });

  async function open(file: Partial<ListedFile> = {}): Promise<OpenedLink> {
    const policy = createLinkPolicy({ privateHosts: [new URL(url).host] });
    const options = { policy, stallMs: 20_000, maxRetries: 2, random: () => 0 };
    const opener = createLinkOpener({
      sources: {
        of: () => ({ link: () => Promise.resolve({ url }) }) as unknown as ExportSource,
        downloadHosts: () => [],
      },
      options,
      spool: createS3Spool(options, {
        store,
        budget,
        place: () => object,
        remove: async ({ bucket, key }) => {
          await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
        },
      }),
    });
    const listed = { ordinal: 0, file_id: 'f', name: 'n', ...file };
    return opener.open({ source: 'default', export_id: 'e' }, listed);
  }

  const isThere = (): Promise<boolean> =>
    s3.send(new HeadObjectCommand({ Bucket: object.bucket, Key: object.key })).then(
      () => true,
      () => false,
    );

  it.each([
    ['in parts', CONTENT, true],
    ['in one piece', CONTENT.subarray(0, 100_000), true],
    ['without a stated length', CONTENT.subarray(0, 9_000_000), false],
  ])(
    'is written %s after a body that broke off, read anywhere, and removed',
    async (_, content, withLength) => {
      let requests = 0;
      serve = (_request, response) => {
        response.writeHead(200, withLength ? { 'content-length': content.length } : {});
        // The first asks for ranges, of which there are none.
        if (++requests === 2)
          response.write(content.subarray(0, content.length - 1), () => response.destroy());
        else response.end(content);
      };
      const file = await open();
      expect(file.size).toBe(content.length);
      const end = content.length - 5;
      expect((await file.read(end - 1000, end)).equals(content.subarray(end - 1000, end))).toBe(true);
      const chunks: Buffer[] = [];
      for await (const chunk of file.stream(0, file.size)) chunks.push(Buffer.from(chunk));
      expect(Buffer.concat(chunks).equals(content)).toBe(true);
      expect(budget.heldBytes).toBe(0);
      expect(await isThere()).toBe(true);
      await file.close();
      expect(await isThere()).toBe(true);
      await file.settled();
      expect(await isThere()).toBe(false);
    },
  );

  it('is not downloaded again by whoever opens it next, until it is settled', async () => {
    let whole = 0;
    serve = ({ headers }, response) => {
      if (headers.range === undefined) whole += 1;
      response.end(CONTENT);
    };
    const first = await open();
    await first.close();
    const second = await open();
    expect((await second.read(9_000_000, 9_000_100)).equals(CONTENT.subarray(9_000_000, 9_000_100))).toBe(
      true,
    );
    expect([whole, second.downloaded()]).toEqual([1, 0]);
    await second.settled();
    await (await open()).close();
    expect(whole).toBe(2);
  });

  it.each([
    ['another file has its ordinal by now', { file_id: 'other' }, 1_000],
    ['its listing states another checksum by now', { checksum: md5Of(CONTENT.subarray(0, 1_000)) }, 1_000],
    ['it has another size by now', {}, 999],
  ])('is downloaded again where %s', async (_, file, size) => {
    const serving = (length: number): void => {
      serve = (_request, response) => {
        response.writeHead(200, { 'content-length': length }).end(CONTENT.subarray(0, length));
      };
    };
    serving(1_000);
    await (await open()).close();
    serving(size);
    const again = await open(file);
    expect([again.size, again.downloaded()]).toEqual([size, size]);
    await again.settled();
  });

  it('says that the archive changed when its copy is gone', async () => {
    serve = (_request, response) => void response.end(CONTENT.subarray(0, 1000));
    const file = await open();
    await s3.send(new DeleteObjectCommand({ Bucket: object.bucket, Key: object.key }));
    await expect(file.read(0, 10)).rejects.toMatchObject({ name: 'ArchiveChanged' });
    await file.close();
  });
});
