import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { createByteBudget } from '../../../../src/platform/byte-budget.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { UploadYielded } from '../../../../src/pipelines/exports/errors.js';
import { buildZip } from '../archive/build-zip.js';
import { fileWorld, FOLDER, manyEntries, metadataOf, type FileWorld } from './file-world.js';

const MEBIBYTE = 1024 * 1024;

test('names are asked for 1,000 at a time in the order of their bytes, and neighbours are read as one', async () => {
  const { entries, know } = manyEntries(2_500);
  const world = know(
    fileWorld(buildZip(entries, { directoryOrder: entries.map((_, n) => entries.length - 1 - n) })),
  );
  const { fragment, rows } = await world.settle();
  expect(fragment.entries).toMatchObject({ seen: 2_500, uploaded: 2_500 });
  expect(world.questions.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  expect(world.questions[0]!.slice(0, 2)).toEqual(['f/0', 'f/1']);
  expect(world.streams).toBe(3);
  // Rows come in the order of the directory.
  expect([...rows][0]!.entry).toBe('f/2499');
});

test('a second run downloads nothing of what is in place', async () => {
  const { entries, know } = manyEntries(3_000);
  const world = know(fileWorld(buildZip(entries)));
  await world.settle();
  const streams = world.streams;
  world.objects.delete(`${FOLDER}f/17`);
  const again = await world.settle();
  expect(again.fragment.entries).toMatchObject({ uploaded: 3_000 });
  expect(again.fragment.bytes.uploaded).toBe(entries[17]!.content!.length);
  // Of content, the one entry alone.
  expect(world.streams - streams).toBe(1);
});

describe('entries that are in place', () => {
  async function inPlace(count: number): Promise<FileWorld> {
    const { entries, know } = manyEntries(count);
    const world = know(fileWorld(buildZip(entries)));
    await world.settle();
    return world;
  }

  test('a file that has to stop does so before all of them are looked at', async () => {
    const world = await inPlace(3_000);
    const look = world.uploader.inPlace.bind(world.uploader);
    let looks = 0;
    world.uploader.inPlace = (entry, signal) => {
      looks++;
      return look(entry, signal);
    };
    world.controls = { ...world.controls, shouldYield: () => looks > 0 };
    await expect(world.settle()).rejects.toThrow(UploadYielded);
    expect(looks).toBeLessThan(3_000);
  });

  test('a look that fails ends the file once all others have ended', async () => {
    const world = await inPlace(1_000);
    const look = world.uploader.inPlace.bind(world.uploader);
    let running = 0;
    world.uploader.inPlace = async (entry, signal) => {
      signal.throwIfAborted();
      if (entry.key.endsWith('/30')) throw new DependencyUnavailable('S3 does not answer.');
      running++;
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      running--;
      return look(entry, signal);
    };
    await expect(world.settle()).rejects.toThrow('S3 does not answer.');
    expect(running).toBe(0);
  });
});

test('what an upload is given stays as it is until that has ended, and is used again then', async () => {
  const { entries, know } = manyEntries(500);
  const world = know(fileWorld(buildZip(entries)));
  const memories = new Set<ArrayBufferLike>();
  world.uploader.upload = async (entry) => {
    const { whole } = entry;
    memories.add(whole!.buffer);
    // Each one another time, so that they end in another order than they began.
    for (let turn = entry.n % 7; turn > 0; turn--) await setImmediate();
    expect(crc32(whole!)).toBe(entry.crc32);
    return { outcome: 'uploaded', bytesUploaded: entry.size };
  };
  expect((await world.settle()).fragment.entries).toMatchObject({ uploaded: 500, rejected: 0 });
  expect(memories.size).toBeLessThan(50);
});

test('a file that has to stop does so between entries, and what is done stays', async () => {
  const { entries, know } = manyEntries(200);
  const world = know(fileWorld(buildZip(entries)));
  world.controls = { ...world.controls, shouldYield: () => world.objects.size >= 20 };
  await expect(world.settle()).rejects.toThrow(UploadYielded);
  expect(world.objects.size).toBeGreaterThanOrEqual(20);
  expect(world.objects.size).toBeLessThan(40);
  expect(world.budget.heldBytes).toBe(0);
});

test('a dependency that fails ends the file with its error, once all that was begun has ended', async () => {
  const { entries, know } = manyEntries(200);
  const world = know(fileWorld(buildZip(entries)));
  let running = 0;
  const upload = world.uploader.upload.bind(world.uploader);
  world.uploader.upload = async (entry, controls) => {
    running++;
    await setImmediate();
    running--;
    if (entry.key.endsWith('/30')) throw new DependencyUnavailable('S3 does not answer.');
    return upload(entry, controls);
  };
  await expect(world.settle()).rejects.toThrow('S3 does not answer.');
  expect(running).toBe(0);
  expect(world.budget.heldBytes).toBe(0);
});

test('an aborted task ends with its reason', async () => {
  const { entries, know } = manyEntries(50);
  const world = know(fileWorld(buildZip(entries)));
  world.controls = { ...world.controls, onProgress: () => world.abort.abort(new Error('cancelled')) };
  await expect(world.settle()).rejects.toThrow('cancelled');
  expect(world.budget.heldBytes).toBe(0);
});

test('a budget that one entry fills lets them through one after the other', async () => {
  const { entries, know } = manyEntries(40);
  const world = know(fileWorld(buildZip(entries)));
  world.budget = createByteBudget(100);
  expect((await world.settle()).fragment.entries.uploaded).toBe(40);
});

test('large and small entries of one archive arrive whole', async () => {
  const large = Buffer.alloc(6 * MEBIBYTE, 'large');
  const contents = { a: 'small', stored: large, b: 'another', deflated: large };
  const world = fileWorld(
    buildZip(
      Object.entries(contents).map(([name, content]) => ({
        name,
        content,
        method: name === 'stored' ? 0 : 8,
      })),
    ),
  );
  for (const [name, content] of Object.entries(contents)) world.metadata.set(name, metadataOf(content));
  const { fragment } = await world.settle();
  expect(fragment.entries).toMatchObject({ uploaded: 4 });
  for (const [name, content] of Object.entries(contents)) {
    expect(world.objects.get(`${FOLDER}${name}`)!.bytes.equals(Buffer.from(content))).toBe(true);
  }
  expect(fragment.bytes.inflated).toBe(2 * large.length + 'small'.length + 'another'.length);
});
