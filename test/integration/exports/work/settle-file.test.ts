import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesAccess } from '#vachan/pipelines/exports/archive/bytes-access.js';
import { inspectArchive } from '#vachan/pipelines/exports/archive/inspect-archive.js';
import type { SettledFile } from '#vachan/pipelines/exports/work/settle-file.js';
import { contentOfBuffer } from '#tools/export-api/content.js';
import { buildZip } from '../../../unit/exports/archive/build-zip.js';
import { zipCases, ZIP_FIXTURES } from '../../../unit/exports/archive/cases.js';
import { api, keysOf, objectOf, rejected, rowsOf, serve, settle, useFileWork } from './file-work.js';

const MEBIBYTE = 1024 * 1024;

useFileWork();

test.each(zipCases())(
  '$file: what is right in it is in S3, and nothing else ($outcome)',
  async ({ file, outcome, reasons }) => {
    const archive = readFileSync(join(ZIP_FIXTURES, file));
    const { entries } = await inspectArchive(bytesAccess(archive));
    const exportId = file.replace('.zip', '');
    // Once each, and of no name that cannot be a key of the table. Of a bomb another size: the very one would let it pass.
    const sizes = new Map(
      entries
        .filter(({ refusal }) => !/name/.test(refusal?.reason ?? ''))
        .map(({ name, size, refusal }) => [name, refusal?.reason === 'ratio' ? 1 : size]),
    );
    const known = [...sizes].map(([name, size]) => ({ name, size }));
    const { fragment, rows } = await settle(exportId, await serve(exportId, archive, known));
    const right = entries.filter(({ directory, refusal }) => !directory && !refusal).map(({ name }) => name);
    expect(await keysOf(exportId)).toEqual(right.sort());
    if (reasons.length === 0) {
      expect(fragment).toMatchObject({ state: 'settled', entries: { uploaded: right.length, rejected: 0 } });
    } else if (outcome.startsWith('archive-reject')) {
      expect(reasons).toContain(fragment.reason);
    } else {
      expect(rejected(rows)).not.toEqual([]);
      for (const reason of rejected(rows)) expect(reasons).toContain(reason);
    }
  },
);

describe('an archive of large and small entries', () => {
  const entries = [
    ...Array.from({ length: 300 }, (_, n) => ({ name: `small/${n}`, content: Buffer.from(`small ${n}`) })),
    { name: 'stored', content: randomBytes(20 * MEBIBYTE), method: 0 },
    {
      name: 'deflated',
      content: Buffer.concat([randomBytes(10 * MEBIBYTE), Buffer.alloc(10 * MEBIBYTE)]),
      method: 8,
    },
  ];
  const archive = buildZip(entries);

  async function arrives(exportId: string, settled: SettledFile): Promise<void> {
    expect(settled.fragment).toMatchObject({
      state: 'settled',
      entries: { seen: 302, uploaded: 302, rejected: 0 },
    });
    for (const { name, content } of entries.slice(299)) {
      expect((await objectOf(exportId, name)).equals(content)).toBe(true);
    }
  }

  test('arrives whole in few requests, and a second time nothing of it is downloaded', async () => {
    const file = await serve('whole', archive, rowsOf(entries));
    await arrives('whole', await settle('whole', file));
    const again = await settle('whole', file);
    expect(again.fragment).toMatchObject({ entries: { uploaded: 302 }, bytes: { uploaded: 0 } });
    expect(again.fragment.bytes.downloaded).toBeLessThan(MEBIBYTE);
  });

  test('arrives whole over a connection that breaks and a link that expires', async () => {
    const file = await serve('broken', archive, rowsOf(entries));
    const cuts = api.fault({
      on: 'download',
      exportId: 'broken',
      skip: 1,
      times: 4,
      fault: { cutAfterBytes: 3 * MEBIBYTE },
    });
    const expired = api.fault({
      on: 'download',
      exportId: 'broken',
      afterBytes: 8 * MEBIBYTE,
      fault: { status: 403 },
      onHit: () => api.expireLinks(),
    });
    await arrives('broken', await settle('broken', file));
    expect([cuts(), expired()]).toEqual([4, 1]);
  });

  test('is begun again when another one, of another size, takes its place', async () => {
    // One more at its beginning: all others have another place.
    const other = [{ name: 'first', content: Buffer.from('first') }, ...entries].map((entry) =>
      ['deflated', 'small/0'].includes(entry.name) ? { ...entry, content: randomBytes(9 * MEBIBYTE) } : entry,
    );
    const file = await serve('changed', archive, rowsOf(other));
    api.fault({
      on: 'download',
      exportId: 'changed',
      skip: 2,
      fault: { cutAfterBytes: MEBIBYTE },
      onHit: () => api.catalogue.replaceFile('changed', 'f', { content: contentOfBuffer(buildZip(other)) }),
    });
    const { fragment } = await settle('changed', { ...file, size: archive.length });
    expect(fragment).toMatchObject({
      state: 'settled',
      entries: { uploaded: 303, rejected: 0 },
      size: buildZip(other).length,
    });
    expect((await objectOf('changed', 'deflated')).equals(other.at(-1)!.content)).toBe(true);
  });

  test('with a byte that another one has on the way is refused there alone', async () => {
    const file = await serve('flipped', archive, rowsOf(entries));
    api.fault({ on: 'download', exportId: 'flipped', times: 100, fault: { flipByteAt: 10 * MEBIBYTE } });
    const { fragment, rows } = await settle('flipped', file);
    expect(fragment.entries).toMatchObject({ uploaded: 301, rejected: 1 });
    expect(rejected(rows)).toEqual(['crc']);
    expect(await keysOf('flipped')).not.toContain('stored');
  });
});
