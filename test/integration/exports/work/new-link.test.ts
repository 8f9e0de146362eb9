import { randomBytes } from 'node:crypto';
import { contentOfBuffer, type Content } from '#tools/export-api/content.js';
import { buildZip } from '../../../unit/exports/archive/build-zip.js';
import { api, objectOf, rowsOf, serve, settle, useFileWork } from './file-work.js';

const MEBIBYTE = 1024 * 1024;

useFileWork();

describe('a link that expires when 40 % of the archive are read, and a new one with another ETag', () => {
  const entries = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    content: randomBytes(5 * MEBIBYTE),
    method: 0,
  }));
  const archive = buildZip(entries);
  const another = (name: string, content: Buffer) =>
    entries.map((entry) => (entry.name === name ? { ...entry, content } : entry));

  /** From then on the export's file is another one at each new link. */
  const expires = (exportId: string, ...next: Content[]): (() => number) => {
    const strikes = next.map((content, n) => ({
      on: 'download' as const,
      exportId,
      afterBytes: (0.4 + 0.3 * n) * archive.length,
      fault: { status: 403 },
      onHit: () => {
        api.expireLinks();
        api.catalogue.replaceFile(exportId, 'f', { content });
      },
    }));
    const hits = strikes.map((rule) => api.fault(rule));
    // Connections that last do not ask again.
    api.fault({ on: 'download', exportId, times: 1000, fault: { cutAfterBytes: 2 * MEBIBYTE } });
    return () => hits.reduce((sum, hit) => sum + hit(), 0);
  };

  test('to the same bytes: goes on where it was', async () => {
    const file = await serve('renamed', archive, rowsOf(entries));
    const expired = expires('renamed', { ...contentOfBuffer(archive), etag: '"another"' });
    const { fragment } = await settle('renamed', file);
    expect(fragment).toMatchObject({ state: 'settled', entries: { seen: 4, uploaded: 4, rejected: 0 } });
    expect(expired()).toBe(1);
    // What was under way, and the end of the archive, are read a second time.
    expect(fragment.bytes.downloaded).toBeLessThan(1.6 * archive.length);
    for (const { name, content } of entries)
      expect((await objectOf('renamed', name)).equals(content)).toBe(true);
  });

  test('to another archive: begins again, once, and keeps what is in place', async () => {
    const changed = another('d', randomBytes(4 * MEBIBYTE));
    const file = await serve('replaced', archive, rowsOf(changed));
    const expired = expires('replaced', contentOfBuffer(buildZip(changed)));
    const { fragment } = await settle('replaced', file);
    expect(fragment).toMatchObject({ state: 'settled', entries: { seen: 4, uploaded: 4, rejected: 0 } });
    expect(expired()).toBe(1);
    expect(fragment.bytes.downloaded).toBeLessThan(1.6 * archive.length);
    for (const { name, content } of changed)
      expect((await objectOf('replaced', name)).equals(content)).toBe(true);
  });

  test('to another one each time: is given up', async () => {
    const file = await serve('restless', archive, rowsOf(entries));
    const expired = expires(
      'restless',
      contentOfBuffer(buildZip(another('d', randomBytes(4 * MEBIBYTE)))),
      contentOfBuffer(buildZip(another('d', randomBytes(3 * MEBIBYTE)))),
    );
    const { fragment } = await settle('restless', file);
    expect(fragment).toMatchObject({ state: 'failed', reason: 'changed' });
    expect(expired()).toBe(2);
  });
});
