import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { openArchive } from '../../../../src/pipelines/exports/archive/archive.js';
import { DEFAULT_ARCHIVE_LIMITS } from '../../../../src/pipelines/exports/archive/archive-limits.js';
import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import { streamedContent } from '../../../../src/pipelines/exports/archive/entry-content.js';
import { inspectArchive } from '../../../../src/pipelines/exports/archive/inspect-archive.js';
import { planReads } from '../../../../src/pipelines/exports/archive/read-plan.js';
import { buildZip, type EntryPlan } from './build-zip.js';
import { countedAccess } from './counted-access.js';

const MEBIBYTE = 1024 * 1024;
const noise = randomBytes(5 * MEBIBYTE);

async function contentFrom(archiveBytes: Buffer, from: number, n = 0): Promise<Buffer> {
  const source = bytesAccess(archiveBytes);
  const archive = await openArchive(source, DEFAULT_ARCHIVE_LIMITS);
  const chunks: Buffer[] = [];
  for await (const chunk of streamedContent(source, archive, archive.entry(n), from)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each([
  ['stored', { method: 0 }],
  ['deflated', { method: 8 }],
  ['stored with a descriptor', { method: 0, descriptor: 'signed' }],
  ['deflated with a descriptor', { method: 8, descriptor: 'unsigned64' }],
] satisfies [string, Partial<EntryPlan>][])('a large entry, %s', (_what, form) => {
  const archive = buildZip([
    { name: 'before' },
    { name: 'large', content: noise, ...form },
    { name: 'after' },
  ]);

  test.each([0, 1, MEBIBYTE, noise.length - 1, noise.length])('comes whole from byte %d on', async (from) => {
    expect((await contentFrom(archive, from, 1)).equals(noise.subarray(from))).toBe(true);
  });

  test('is refused at its end when a byte of it is another', async () => {
    const damaged = Buffer.from(archive);
    damaged[3 * MEBIBYTE]! ^= 1;
    await expect(contentFrom(damaged, 0, 1)).rejects.toMatchObject({
      reason: expect.stringMatching(/^(crc|corrupt)$/) as string,
    });
  });
});

test.each<[what: string, entry: Partial<EntryPlan>, reason: string]>([
  [
    'that inflates to more than stated',
    { central: { size: 5 * MEBIBYTE - 1 }, local: { size: 5 * MEBIBYTE - 1 } },
    'size',
  ],
  [
    'that inflates to less than stated',
    { central: { size: 5 * MEBIBYTE + 1 }, local: { size: 5 * MEBIBYTE + 1 } },
    'size',
  ],
  [
    'with bytes behind its deflate stream',
    { data: Buffer.concat([deflateRawSync(noise), noise.subarray(0, 3 * MEBIBYTE)]) },
    'trailing_data',
  ],
  [
    'with a byte behind its deflate stream',
    { data: Buffer.concat([deflateRawSync(noise), Buffer.alloc(1)]) },
    'trailing_data',
  ],
  ['whose deflate stream is cut', { data: deflateRawSync(noise).subarray(0, -9) }, 'corrupt'],
  ['that is no deflate stream', { data: Buffer.alloc(4 * MEBIBYTE + 1, 0xff) }, 'corrupt'],
  ['with another descriptor', { descriptor: 'signed', descriptorBytes: Buffer.alloc(16) }, 'header_mismatch'],
  ['with another local name', { local: { name: 'other' } }, 'header_mismatch'],
])('a large entry %s is refused', async (_what, entry, reason) => {
  const archive = buildZip([{ name: 'large', content: noise, method: 8, ...entry }]);
  await expect(contentFrom(archive, 0)).rejects.toMatchObject({ reason });
  const { entries } = await inspectArchive(bytesAccess(archive));
  expect(entries[0]!.refusal?.reason).toBe(reason);
});

test('a source that fails in the middle fails the content with its own error', async () => {
  const source = bytesAccess(buildZip([{ name: 'large', content: noise, method: 8 }]));
  const archive = await openArchive(source, DEFAULT_ARCHIVE_LIMITS);
  const cut = {
    ...source,
    async *stream(start: number, end: number) {
      yield await source.read(start, start + 100_000);
      throw new Error(`cut before ${end}`);
    },
  };
  const drain = async (): Promise<void> => {
    for await (const _chunk of streamedContent(cut, archive, archive.entry(0), 0));
  };
  await expect(drain()).rejects.toThrow('cut before');
});

test.each([0, 8])('who stops reading ends the source as well, method %d', async (method) => {
  const source = bytesAccess(buildZip([{ name: 'large', content: noise, method }]));
  const archive = await openArchive(source, DEFAULT_ARCHIVE_LIMITS);
  let ended = false;
  const watched = {
    ...source,
    async *stream(start: number, end: number) {
      try {
        yield* source.stream(start, end);
      } finally {
        ended = true;
      }
    },
  };
  for await (const _chunk of streamedContent(watched, archive, archive.entry(0), 0)) break;
  expect(ended).toBe(true);
});

test('an aborted signal ends the content with its reason', async () => {
  const source = bytesAccess(buildZip([{ name: 'large', content: noise, method: 8 }]));
  const archive = await openArchive(source, DEFAULT_ARCHIVE_LIMITS);
  const abort = new AbortController();
  const drain = async (): Promise<void> => {
    for await (const _chunk of streamedContent(source, archive, archive.entry(0), 0, abort.signal)) {
      abort.abort(new Error('enough'));
    }
  };
  await expect(drain()).rejects.toThrow('enough');
});

test('10,000 small entries are read with at most 60 requests, and those that are refused are not read', async () => {
  const block = deflateRawSync(randomBytes(64 * 1024));
  const content = Buffer.alloc(64 * 1024);
  const plain = buildZip(
    Array.from({ length: 10_000 }, (_, n) => ({
      name: `folder/file-${n}.bin`,
      content: `${n}`.padEnd(80),
      ...(n % 3 === 0 && { flags: 1 }),
    })),
  );
  const source = countedAccess(plain);
  const { entries } = await inspectArchive(source);
  expect(entries.filter(({ refusal }) => refusal?.reason === 'encrypted')).toHaveLength(3_334);
  expect(entries.filter(({ refusal }) => !refusal)).toHaveLength(6_666);
  expect(source.requests()).toBeLessThanOrEqual(10);

  // As many of 64 KB, planned only: they would be 640 MB.
  const wide = Array.from({ length: 10_000 }, (_, n) => ({
    n,
    name: `${n}`,
    shownName: `${n}`,
    directory: false,
    flags: 0,
    method: 8,
    crc32: crc32(content),
    compressedSize: block.length,
    size: content.length,
    offset: n * (block.length + 40),
    end: (n + 1) * (block.length + 40),
    nameBytes: Buffer.from(`${n}`),
    refusal: undefined,
  }));
  const reads = [...planReads(wide)];
  expect(reads.length).toBeLessThanOrEqual(60);
  expect(reads.flatMap((read) => (read.kind === 'span' ? read.entries : [read.entry]))).toEqual(wide);
});

test('a gap that is longer than a request is not read', async () => {
  const gap = Buffer.alloc(3 * MEBIBYTE);
  const bytes = buildZip([
    { name: 'a', content: 'a' },
    { name: 'b', content: 'b', gap },
    { name: 'c', content: 'c', gap },
  ]);
  const source = countedAccess(bytes);
  const { entries } = await inspectArchive(source);
  expect(entries.every(({ refusal }) => !refusal)).toBe(true);
  // The end, and 64 KB behind each small entry, where its local header could reach to.
  expect(source.bytesRead()).toBeLessThan(MEBIBYTE);
});
