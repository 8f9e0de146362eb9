import { FileRefused } from '../../../../src/pipelines/exports/errors.js';
import { createFilePlan } from '../../../../src/pipelines/exports/work/plan-file.js';
import { buildZip } from '../archive/build-zip.js';
import { createFileWork } from '../../../../src/pipelines/exports/work/settle-file.js';
import {
  dependenciesOf,
  FILE,
  fileWorld,
  FOLDER,
  JOB,
  metadataOf,
  opened,
  outcomesOf,
} from './file-world.js';

const MEBIBYTE = 1024 * 1024;

test('what the metadata knows is uploaded, all else is rejected with its reason, and directories are not counted', async () => {
  const world = fileWorld(
    buildZip([
      { name: 'd/' },
      { name: 'd/matches', content: 'one' },
      { name: 'd/unknown', content: 'two' },
      { name: 'd/size', content: 'three' },
      { name: 'd/crc', content: 'four' },
      { name: '../out', content: 'five' },
      { name: 'twice', content: 'six' },
      { name: 'twice', content: 'seven' },
      { name: 'corrupt', method: 8, data: Buffer.alloc(10, 0xff) },
      { name: 'e/', content: 'a directory with content' },
    ]),
  );
  for (const [name, content] of [
    ['d/matches', 'one'],
    ['d/size', 'threes'],
    ['d/crc', 'fou_'],
    ['../out', 'five'],
    ['twice', 'six'],
    ['corrupt', ''],
  ] as const) {
    world.metadata.set(name, metadataOf(content));
  }
  const settled = await world.settle();
  expect(outcomesOf(settled)).toEqual({
    'd/': 'directory',
    'd/matches': 'uploaded',
    'd/unknown': 'no_metadata',
    'd/size': 'metadata_size',
    'd/crc': 'metadata_checksum',
    '../out': 'name_unsafe',
    twice: 'duplicate_name',
    corrupt: 'corrupt',
    'e/': 'directory_data',
  });
  expect(settled.fragment).toMatchObject({
    version: 1,
    ordinal: 7,
    file_id: 'f',
    file_name: 'f.zip',
    state: 'settled',
    entries: { seen: 9, matched: 2, uploaded: 1, skipped_equal: 0, rejected: 8 },
    rejected_by_reason: {
      no_metadata: 1,
      metadata_size: 1,
      metadata_checksum: 1,
      name_unsafe: 1,
      duplicate_name: 2,
      corrupt: 1,
      directory_data: 1,
    },
  });
  expect([...settled.rows]).toContainEqual({
    outcome: 'rejected',
    entry: 'd/size',
    reason: 'metadata_size',
    detail: 'The metadata states another size.',
    stated: 6,
    found: 5,
  });
  expect([...settled.rows]).toContainEqual({
    outcome: 'uploaded',
    entry: 'd/matches',
    key: `${FOLDER}d/matches`,
    size: 3,
    crc32: '7a6c86f1',
  });
  expect([...world.objects]).toEqual([
    [`${FOLDER}d/matches`, expect.objectContaining({ bytes: Buffer.from('one') })],
  ]);
  // Names that cannot be an object's are not even asked for.
  expect(world.questions).toEqual([['d/matches', 'd/unknown', 'd/size', 'd/crc', 'corrupt']]);
  expect(world.budget.heldBytes).toBe(0);
});

test('a file that is no archive is a failed fragment without rows', async () => {
  const settled = await fileWorld(Buffer.from('<html>')).settle();
  expect(settled.fragment).toMatchObject({
    state: 'failed',
    reason: 'not_a_zip',
    size: 6,
    entries: { seen: 0 },
  });
  expect([...settled.rows]).toEqual([]);
});

test('a link that is refused is the reason of the file', async () => {
  const world = fileWorld();
  world.archives = [() => Promise.reject(new FileRefused('gone', 'The link answers 404.'))];
  expect((await world.settle()).fragment).toMatchObject({
    state: 'failed',
    reason: 'gone',
    detail: 'The link answers 404.',
  });
});

test('an empty archive is settled with nothing', async () => {
  const { fragment } = await fileWorld(buildZip([])).settle();
  expect(fragment).toMatchObject({ state: 'settled', entries: { seen: 0, rejected: 0 } });
});

test('a bomb is refused unless the metadata states its very size', async () => {
  const content = Buffer.alloc(3 * MEBIBYTE);
  const bytes = buildZip([
    { name: 'bomb', content },
    { name: 'known', content },
    { name: 'other', content },
  ]);
  const world = fileWorld(bytes);
  world.limits = { ...world.limits, ratioFromBytes: MEBIBYTE };
  world.metadata.set('known', metadataOf(content));
  world.metadata.set('other', metadataOf('of another size'));
  expect(outcomesOf(await world.settle())).toEqual({ bomb: 'ratio', known: 'uploaded', other: 'ratio' });
});

test('a target key of the metadata is used below the job’s folder, and held to what a name is held to', async () => {
  const world = fileWorld(buildZip(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, content: name }))));
  world.metadata.set('a', { ...metadataOf('a'), targetKey: 'elsewhere/a', contentType: 'text/plain' });
  world.metadata.set('b', { ...metadataOf('b'), targetKey: '../b' });
  world.metadata.set('c', { ...metadataOf('c'), targetKey: 'x'.repeat(1_021) });
  world.metadata.set('d', { ...metadataOf('d'), targetKey: 'folder/' });
  world.metadata.set('e', { ...metadataOf('e'), targetKey: 'half\ud800' });
  const settled = await world.settle();
  expect(outcomesOf(settled)).toEqual({
    a: 'uploaded',
    b: 'name_unsafe',
    c: 'name_too_long',
    d: 'name_unsafe',
    e: 'name_unsafe',
  });
  expect([...world.objects.keys()]).toEqual([`${FOLDER}elsewhere/a`]);
  expect([...settled.rows][0]).toMatchObject({ key: `${FOLDER}elsewhere/a` });
});

test('an object that another one has put there is key_taken, an equal one is skipped', async () => {
  const world = fileWorld(
    buildZip([
      { name: 'a', content: 'a' },
      { name: 'b', content: 'b' },
    ]),
  );
  world.metadata.set('a', metadataOf('a')).set('b', metadataOf('b'));
  world.objects.set(`${FOLDER}a`, { bytes: Buffer.from('else'), owner: 'x' });
  world.objects.set(`${FOLDER}b`, { bytes: Buffer.from('b'), owner: 'x' });
  const { fragment, rows } = await world.settle();
  expect(outcomesOf({ fragment, rows })).toEqual({ a: 'key_taken', b: 'skipped_equal' });
  expect(fragment.entries).toEqual({ seen: 2, matched: 2, uploaded: 0, skipped_equal: 1, rejected: 1 });
});

test.each([
  [false, 'not_checked'],
  [true, 'checked'],
])('a fragment says whether the checksum of the listing was checked (%s)', async (isWholeChecked, said) => {
  const bytes = buildZip([{ name: 'a', content: 'a' }]);
  const world = fileWorld(bytes);
  world.archives = [() => Promise.resolve({ ...opened(world, bytes), isWholeChecked })];
  world.metadata.set('a', metadataOf('a'));
  const checksum = { algorithm: 'md5', value: '0'.repeat(32) } as const;
  const settle = createFileWork(dependenciesOf(world));
  const stated = await settle(JOB, { ...FILE, checksum }, world.controls);
  expect(stated.fragment.listing_checksum).toBe(said);
  const unstated = await settle(JOB, FILE, world.controls);
  expect(unstated.fragment).not.toHaveProperty('listing_checksum');
});

test('every checksum of the metadata goes along with the entry', async () => {
  const world = fileWorld(
    buildZip([
      { name: 'a', content: 'a' },
      { name: 'b', content: 'b' },
    ]),
  );
  world.metadata.set('a', { size: 1, md5: 'm', sha256: 's' }).set('b', { size: 1, md5: 'm' });
  const digests: unknown[] = [];
  const upload = world.uploader.upload.bind(world.uploader);
  world.uploader.upload = (entry, controls) => {
    digests.push(entry.digests);
    return upload(entry, controls);
  };
  await world.settle();
  expect(digests).toEqual([
    [
      { algorithm: 'sha256', value: 's' },
      { algorithm: 'md5', value: 'm' },
    ],
    [{ algorithm: 'md5', value: 'm' }],
  ]);
});

test('a plan says what would become of each entry, and reads no content', async () => {
  const world = fileWorld(
    buildZip([
      { name: 'a', content: 'a' },
      { name: 'b', content: 'b' },
      { name: '..', content: 'c' },
    ]),
  );
  world.metadata.set('a', metadataOf('a'));
  const planned: unknown[] = [];
  for await (const entry of createFilePlan(dependenciesOf(world))(JOB, FILE)) planned.push(entry);
  expect(planned).toMatchObject([
    { entry: 'a', size: 1, key: `${FOLDER}a` },
    { entry: 'b', refusal: { reason: 'no_metadata' } },
    { entry: '..', refusal: { reason: 'name_unsafe' } },
  ]);
  expect(world.streams).toBe(0);
});
