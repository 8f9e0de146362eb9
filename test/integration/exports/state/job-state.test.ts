import type { EntryRow } from '../../../../src/pipelines/exports/contract/fragment.js';
import type { ListedFile } from '../../../../src/pipelines/exports/contract/listed-file.js';
import { failedFragment } from '../../../../src/pipelines/exports/state/failed-fragment.js';
import { freshState } from './fresh-state.js';

const { state, close } = (() => {
  let made: ReturnType<typeof freshState> | undefined;
  const get = () => (made ??= freshState());
  return { state: () => get().state, close: () => made?.close() };
})();
afterAll(() => close());

let next = 0;
const freshJob = () => state().of({ source: 'default', export_id: `a/${next++}: ü` });
const file = (ordinal: number): ListedFile => ({
  ordinal,
  file_id: `f-${ordinal}`,
  name: 'a b.zip',
  size: 1,
});
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('the listing', () => {
  test('is read as it was written, and a page is written once', async () => {
    const { listing } = freshJob();
    expect(await listing.writePage([file(0), file(1)])).toBe(true);
    expect(await listing.writePage([file(2)])).toBe(true);
    expect(await listing.writePage([{ ...file(0), file_id: 'another' }])).toBe(false);
    expect(await collect(listing.read())).toEqual([file(0), file(1), file(2)]);
  });

  test('is found by any of its files', async () => {
    const { listing } = freshJob();
    for (const first of [0, 10, 1_000]) await listing.writePage([file(first), file(first + 1)]);
    expect(await listing.findPage(11)).toEqual([file(10), file(11)]);
    expect(await listing.findPage(500)).toEqual([file(10), file(11)]);
    expect(await listing.readPage(1)).toBeUndefined();
    expect(await freshJob().listing.findPage(0)).toBeUndefined();
  });
});

describe('fragments', () => {
  test('are settled in the order of their ordinals, from any one on', async () => {
    const { fragments } = freshJob();
    for (const ordinal of [10, 2, 0, 1, 100_000]) {
      expect(await fragments.write(failedFragment(file(ordinal), 'gone', 'x'), [])).toBe('written');
    }
    expect(await collect(fragments.settled(0))).toEqual([0, 1, 2, 10, 100_000]);
    expect(await collect(fragments.settled(2))).toEqual([2, 10, 100_000]);
    expect(await fragments.among([1, 2, 3, 10])).toEqual(new Set([1, 2, 10]));
  });

  test('are written once, with their rows', async () => {
    const { fragments } = freshJob();
    const rows: EntryRow[] = [{ outcome: 'rejected', entry: '"\u2028\\x', reason: 'crc' }];
    const first = failedFragment(file(0), 'gone', 'first');
    expect(await fragments.write(first, rows)).toBe('written');
    expect(await fragments.write({ ...first, detail: 'second' }, [])).toBe('settled');
    expect(await fragments.read(0)).toEqual(first);
    expect(await collect(fragments.rows(0))).toEqual(rows);
  });

  test('keep rows by the megabyte, in parts', async () => {
    const { fragments } = freshJob();
    const row = (n: number): EntryRow => ({
      outcome: 'uploaded',
      entry: `ordner/${'ü'.repeat(400)}/${n}`,
      key: `k/${n}`,
      size: n,
      crc32: '00000000',
    });
    function* rows(): Iterable<EntryRow> {
      for (let n = 0; n < 20_000; n++) yield row(n);
    }
    await fragments.write(failedFragment(file(0), 'gone', 'x'), rows());
    let read = 0;
    for await (const found of fragments.rows(0)) expect(found).toEqual(row(read++));
    expect(read).toBe(20_000);
  });

  test('of which rows could not be read do not exist', async () => {
    const { fragments, job } = freshJob();
    function* broken(): Iterable<EntryRow> {
      yield { outcome: 'rejected', entry: 'a', reason: 'crc' };
      throw new Error('cut');
    }
    await expect(fragments.write(failedFragment(file(0), 'gone', 'x'), broken())).rejects.toThrow('cut');
    expect(await state().of(job).fragments.read(0)).toBeUndefined();
  });
});

test('markers and the pause of a source are there once they are set', async () => {
  const job = freshJob();
  expect([await job.isCancelled(), await state().isPaused('other')]).toEqual([false, false]);
  await job.markCancelled();
  await job.markCancelled();
  await state().pause('other');
  expect([await job.isCancelled(), await state().isPaused('other')]).toEqual([true, true]);
  await state().resume('other');
  expect(await state().isPaused('other')).toBe(false);
});

test('an empty object has no lines, and neither has one that is not there', async () => {
  const { objects } = state();
  await objects.write('empty.ndjson', '');
  expect(await collect(objects.lines('empty.ndjson'))).toEqual([]);
  expect(await collect(objects.lines('nowhere.ndjson'))).toEqual([]);
});
