import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import { inspectArchive } from '../../../../src/pipelines/exports/archive/inspect-archive.js';
import { mutantOf } from '../../../../tools/fuzz/mutant.js';
import { readArchives } from '../../../../tools/fuzz/zip/fuzz-zip.js';
import { repairOffsets } from '../../../../tools/fuzz/zip/repair-offsets.js';
import { runZipFuzz } from '../../../../tools/fuzz/zip/run-zip-fuzz.js';
import { startReader } from '../../../../tools/fuzz/zip/reader.js';
import { pythonOracle } from '../../../../tools/fuzz/zip/python-oracle.js';
import { zipJsOracle } from '../../../../tools/fuzz/zip/zip-js-oracle.js';
import { ZIP } from '../../../../tools/fuzz/zip/zip-kind.js';
import { putTogether, takeApart } from '../../../../tools/fuzz/zip/zip-parts.js';

const archives = readArchives(join(__dirname, '..', '..', '..', 'fixtures', 'zip'));
let findingsFolder: string;

beforeEach(() => {
  findingsFolder = mkdtempSync(join(tmpdir(), 'vachan-zip-findings-'));
});
afterEach(() => {
  rmSync(findingsFolder, { recursive: true });
});

test('damaged archives end in an outcome, and no entry is accepted that both oracles refuse', async () => {
  const report = await runZipFuzz({ originals: await archives, seed: 5, files: 300, findingsFolder });
  expect(report).toMatchObject({ files: 300, broken: [], lax: [], ok: true });
  // Damage that is always, or never, noticed would test little.
  expect(report.entries.accepted).toBeGreaterThan(10);
  expect(report.entries.refused).toBeGreaterThan(10);
});

test.each([zipJsOracle, pythonOracle])(
  '%p reads a whole archive, and refuses each entry or all of a damaged one',
  async (open) => {
    const oracle = open();
    const bytesOf = async (name: string): Promise<Buffer> =>
      (await archives).find((each) => each.name === name)!.bytes;
    expect(await oracle.read(await bytesOf('ok-dd-deflated.zip'))).toEqual({
      entries: [undefined, undefined],
    });
    expect((await oracle.read(await bytesOf('bad-truncated-tail.zip'))).refused).toBeDefined();
    expect((await oracle.read(await bytesOf('bad-crc-stored.zip'))).entries).toContainEqual(
      expect.any(String),
    );
    oracle.close();
  },
);

test('a reader that dies costs its archive, which is kept, and goes on with the next', async () => {
  const originals = await archives;
  let reads = 0;
  const report = await runZipFuzz({
    originals,
    seed: 4,
    files: 6,
    findingsFolder,
    openReader: () => {
      const reader = startReader();
      return {
        ...reader,
        // Two bytes of JavaScript's own for an archive: the process cannot take them for bytes.
        read: (archive) => (++reads === 4 ? reader.read(null as unknown as Buffer) : reader.read(archive)),
      };
    },
  });
  const mutant = mutantOf(ZIP, originals, 4, 3);
  expect(report).toMatchObject({
    ok: false,
    files: 6,
    ends: { broken: 1 },
    broken: [{ label: mutant.label }],
  });
  // What it says as it dies is told there, and nowhere else.
  expect(report.broken[0]!.what).toMatch(/^dies: 1\n[^]*TypeError/);
  expect(readFileSync(report.broken[0]!.keptAt)).toEqual(mutant.bytes);
});

test('an entry that is accepted here alone is a finding, unless an oracle lacks the feature', async () => {
  const whole = (await archives).filter(({ name }) => name === 'ok-basic.zip');
  const saying = async (...refusals: string[]): Promise<number> => {
    const report = await runZipFuzz({
      originals: whole,
      seed: 1,
      files: 1,
      findingsFolder,
      openReader: () => {
        const reader = startReader();
        return { ...reader, read: () => reader.read(whole[0]!.bytes) };
      },
      openOracles: () =>
        refusals.map((refused) => ({
          name: 'oracle',
          read: () => Promise.resolve({ refused, entries: [] }),
          close: () => undefined,
        })),
    });
    return report.lax.length;
  };
  expect(await saying('bad magic number', 'overlapped entries')).toBe(1);
  expect(await saying('bad magic number', 'NotImplementedError: zip file version 9.9')).toBe(0);
});

test('an archive that is taken apart and put together again is read as before', async () => {
  for (const { name, bytes } of await archives) {
    const parts = name.startsWith('ok-') ? takeApart(bytes) : undefined;
    if (parts === undefined) continue;
    const [before, after] = await Promise.all(
      [bytes, putTogether(parts)].map((each) => inspectArchive(bytesAccess(each))),
    );
    expect({ name, ...after }).toEqual({ name, ...before });
  }
});

test('archives whose offsets are right stay as they are when they are repaired', async () => {
  const whole = (await archives).filter(({ name }) => name.startsWith('ok-'));
  for (const { bytes } of whole) expect(repairOffsets(bytes).equals(bytes)).toBe(true);
});
