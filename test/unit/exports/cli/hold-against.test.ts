import { holdAgainst, type VerifyParts } from '../../../../src/pipelines/exports/cli/verify/hold-against.js';
import { linesOf } from '../../../../src/pipelines/exports/cli/verify/verify-report.js';
import type { EntryMetadata } from '../../../../src/pipelines/exports/metadata/metadata-store.js';
import type { ManifestRow } from '../../../../src/pipelines/exports/contract/result.js';
import { objectKey } from '../../../../src/pipelines/exports/work/object-key.js';

const JOB = { source: 'default', export_id: '4711' };
const FOLDER = 'objects/default/4711/';

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) yield await Promise.resolve(item);
}

const rowOf = (entry: string, changes: Partial<ManifestRow> = {}): ManifestRow => ({
  ...{ key: `${FOLDER}${entry}`, size: 5, crc32: '0000beef', entry },
  ...{ file_id: 'f', file_name: 'f.zip', ordinal: 0, outcome: 'uploaded' as const },
  ...changes,
});

/** Two objects that are as manifest and metadata state them, and what a test changes of that. */
function world() {
  const manifest = [rowOf('a'), rowOf('b\\c')];
  const objects = new Map<string, { size: number; crc32: string | undefined }>(
    manifest.map(({ key }) => [key, { size: 5, crc32: '0000beef' }]),
  );
  const metadata = new Map<string, EntryMetadata>(
    manifest.map(({ entry }) => [entry, { size: 5, crc32: 0xbeef }]),
  );
  const rejects: { entry: string | null }[] = [];
  const directories: string[] = [];
  const verify = () => {
    const parts: VerifyParts = {
      job: JOB,
      manifest: each(manifest),
      rejects: each(rejects),
      directories: each(directories),
      metadata: {
        find: (_job, names) =>
          Promise.resolve(
            new Map(names.flatMap((name) => (metadata.has(name) ? [[name, metadata.get(name)!]] : []))),
          ),
        names: () => each([[...metadata.keys()]]),
      },
      head: (key) => Promise.resolve(objects.get(key)),
      keys: each([...objects.keys()].filter((key) => key.startsWith(FOLDER))),
      keyOf: (job, name, targetKey) => objectKey({ bucket: 'b', prefix: 'objects' }, job, name, targetKey),
    };
    return holdAgainst(parts);
  };
  return { manifest, objects, metadata, rejects, directories, verify };
}

test('a bucket that is as manifest and metadata state it has no problem', async () => {
  expect(await world().verify()).toEqual({
    ...{ objects: 2, compared: 2, rows: 2, missing: 0, rejected: 0, unlisted: 0 },
    problems: [],
  });
});

test.each<[string, (of: ReturnType<typeof world>) => unknown, object]>([
  ['an object is gone', ({ objects }) => objects.delete(`${FOLDER}a`), { problem: 'absent' }],
  [
    'an object has another size',
    ({ objects }) => objects.set(`${FOLDER}a`, { size: 6, crc32: '0000beef' }),
    { problem: 'size', stated: '5', found: '6' },
  ],
  [
    'an object has other bytes',
    ({ objects }) => objects.set(`${FOLDER}a`, { size: 5, crc32: '0000dead' }),
    { problem: 'crc32', stated: '0000beef', found: '0000dead' },
  ],
  ['the table has lost a row', ({ metadata }) => metadata.delete('a'), { problem: 'metadata_absent' }],
  [
    'the table states another size',
    ({ metadata }) => metadata.set('a', { size: 7 }),
    { problem: 'metadata_size', stated: '7', found: '5' },
  ],
  [
    'the table states another CRC-32',
    ({ metadata }) => metadata.set('a', { size: 5, crc32: 1 }),
    { problem: 'metadata_crc32', stated: '00000001', found: '0000beef' },
  ],
  [
    'the table wants it at another key',
    ({ metadata }) => metadata.set('a', { size: 5, targetKey: 'x/y' }),
    { problem: 'metadata_key', stated: `${FOLDER}x/y`, found: `${FOLDER}a` },
  ],
])('it tells when %s', async (_, change, problem) => {
  const of = world();
  change(of);
  const { problems } = await of.verify();
  expect(problems).toEqual([{ key: `${FOLDER}a`, ...problem }]);
});

test('it asks the table itself for rows without an object, and knows those that were rejected', async () => {
  const { metadata, rejects, verify } = world();
  metadata.set('late', { size: 1 }).set('bad\u0001', { size: 1 });
  rejects.push({ entry: null }, { entry: 'bad\\x01' });
  const found = await verify();
  expect(found).toMatchObject({ rows: 4, missing: 1, rejected: 1 });
  expect(found.problems).toEqual([{ key: `${FOLDER}late`, problem: 'missing' }]);
  const report = { ...JOB, attempt: 1, state: 'partial', ...found };
  expect(linesOf(report).join('\n')).toContain(
    '4 rows of the metadata, 1 without an object, 1 whose entry was rejected: vachan exports rejects 4711.',
  );
});

test('it misses no object of a row that names a directory, as a list of the archive itself has', async () => {
  const { metadata, directories, verify } = world();
  metadata.set('d/', { size: 0 }).set('late/', { size: 0 });
  directories.push('d/');
  const found = await verify();
  expect(found).toMatchObject({ rows: 4, missing: 1, rejected: 0 });
  expect(found.problems).toEqual([{ key: `${FOLDER}late/`, problem: 'missing' }]);
});

test('it counts objects that the manifest does not name, and those without a checksum', async () => {
  const { objects, verify } = world();
  objects.set(`${FOLDER}stray`, { size: 1, crc32: undefined });
  objects.set(`${FOLDER}a`, { size: 5, crc32: undefined });
  expect(await verify()).toMatchObject({ objects: 2, compared: 1, unlisted: 1, problems: [] });
});
