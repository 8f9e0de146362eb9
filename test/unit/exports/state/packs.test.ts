import { sendableJson } from '../../../../src/contract/sendable-json.js';
import { MAX_PACK_BYTES, MAX_PACK_FILES } from '../../../../src/pipelines/exports/contract/limits.js';
import type { ListedFile } from '../../../../src/pipelines/exports/contract/listed-file.js';
import { packsOf } from '../../../../src/pipelines/exports/state/packs.js';

const MIB = 1024 * 1024;
const page = (sizes: readonly (number | undefined)[], from = 0): ListedFile[] =>
  sizes.map((size, index) => ({
    ordinal: from + index,
    file_id: `f-${from + index}`,
    name: 'a.zip',
    ...(size !== undefined && { size }),
  }));
const lengths = (packs: ListedFile[][]): number[] => packs.map(({ length }) => length);

describe('packs of a page', () => {
  test('a page of few files gives each its own task', () => {
    expect(lengths(packsOf(page(Array(16).fill(10))))).toEqual(Array(16).fill(1));
  });

  test('ten thousand small files of pages of a thousand are 160 tasks', () => {
    expect(lengths(packsOf(page(Array<number>(1_000).fill(65_536))))).toEqual([
      ...Array<number>(15).fill(63),
      55,
    ]);
  });

  test('a large file, and one of unknown size, are tasks of their own', () => {
    const sizes = [...Array<number>(20).fill(10), 5 * MIB, undefined, ...Array<number>(20).fill(10)];
    const packs = packsOf(page(sizes));
    expect(packs.filter(([file]) => file!.size !== 10)).toEqual([
      [expect.objectContaining({ ordinal: 20 })],
      [expect.objectContaining({ ordinal: 21 })],
    ]);
  });

  test('ids of any length and letters fit into the message of their pack', () => {
    const files = page(Array<number>(2_000).fill(10)).map((file) => ({ ...file, file_id: '😀'.repeat(512) }));
    const packs = packsOf(files);
    expect(packs.flat()).toEqual(files);
    for (const pack of packs) {
      const ids = pack.map(({ ordinal, file_id, size }) => ({ ordinal, file_id, size }));
      expect(sendableJson(ids).length).toBeLessThan(250 * 1024);
    }
  });

  test('every file is in one pack, its neighbours beside it, within the bounds', () => {
    const sizes = Array.from({ length: 5_000 }, (_, index) =>
      index % 7 === 0 ? 6 * MIB : (index * 37_199) % (4 * MIB),
    );
    const packs = packsOf(page(sizes, 300));
    expect(packs.flat().map(({ ordinal }) => ordinal)).toEqual(sizes.map((_, index) => 300 + index));
    for (const pack of packs) {
      expect(pack.length).toBeLessThanOrEqual(MAX_PACK_FILES);
      const bytes = pack.reduce((sum, { size }) => sum + size!, 0);
      expect(pack.length === 1 || bytes <= MAX_PACK_BYTES).toBe(true);
    }
  });
});
