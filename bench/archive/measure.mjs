// Reads one generated archive and prints one JSON object.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { openArchive } from '#vachan/pipelines/exports/archive/archive.js';
import { DEFAULT_ARCHIVE_LIMITS } from '#vachan/pipelines/exports/archive/archive-limits.js';
import { inspectArchive } from '#vachan/pipelines/exports/archive/inspect-archive.js';
import { peakMemoryMb } from '#tools/fuzz/peak-memory.js';
import { zipContent } from '#tools/export-api/zip/zip-content.js';

const MEBIBYTE = 1024 * 1024;
const { name: asked, quick } = JSON.parse(process.argv[2]);

/** Half of it deflates well, as text does, and half not at all. */
const block = Buffer.concat([randomBytes(MEBIBYTE / 2), Buffer.alloc(MEBIBYTE / 2, 'text that repeats ')]);
const nothing = Buffer.alloc(0);
const many = (count, data, name = (n) => `folder/${n % 100}/a-file-name-${n}.bin`) =>
  Array.from({ length: count }, (_, n) => ({
    name: name(n),
    method: data === nothing ? 'store' : 'deflate',
    data,
  }));

const CASES = {
  directory: () => ({
    about: '70,000 entries, directory alone',
    open: true,
    entries: many(70_000, nothing),
  }),
  million: () => ({
    about: '1,000,000 entries, directory alone',
    open: true,
    entries: many(1_000_000, nothing, (n) => `f/${n}`),
  }),
  small: () => ({
    about: '10,000 entries of 64 KB',
    entries: many(quick ? 1_000 : 10_000, block.subarray(0, 65_536)),
  }),
  stored: () => ({
    about: 'one stored entry of 4.4 GB, zip64',
    entries: [{ name: 'stored', method: 'store', data: { block, times: 4_200 } }],
  }),
  deflated: () => ({
    about: 'one deflated entry of 8 GB, zip64',
    entries: [{ name: 'deflated', data: { block, times: 8_192 } }],
  }),
};

const { about, entries, open = false } = CASES[asked]();
const content = zipContent(entries);
let requests = 0;
const source = {
  size: content.size,
  read: async (start, end) => {
    requests++;
    return Buffer.concat([...content.read(start, end)]);
  },
  async *stream(start, end) {
    requests++;
    yield* content.read(start, end);
  },
  close: async () => undefined,
};
// The archive was made in this process: from now on its peak is the reader's.
globalThis.gc?.();
writeFileSync('/proc/self/clear_refs', '5');
const beforeMb = process.memoryUsage.rss() / MEBIBYTE;
const before = process.cpuUsage();
const read = open
  ? (await openArchive(source, DEFAULT_ARCHIVE_LIMITS)).count
  : (await inspectArchive(source)).entries.filter(({ refusal }) => refusal === undefined).length;
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    about,
    entries: entries.length,
    read,
    bytes: content.size,
    requests,
    cpuSeconds: (user + system) / 1e6,
    readerMb: peakMemoryMb(process.pid) - beforeMb,
  }),
);
