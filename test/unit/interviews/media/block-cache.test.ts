import { createBlockCache } from '../../../../src/pipelines/interviews/media/input/block-cache.js';

const content = Buffer.from(Array.from({ length: 100 }, (_, index) => index));

function cacheOf(options: Parameters<typeof createBlockCache>[2] = {}) {
  const asked: string[] = [];
  const cache = createBlockCache(
    content.length,
    (from, to) => {
      asked.push(`${from}-${to}`);
      return Promise.resolve(content.subarray(from, to));
    },
    { blockBytes: 10, mostBlocks: 4, blocksAhead: 2, ...options },
  );
  return { cache, asked };
}

test('a read ends with its block, and a block is fetched once', async () => {
  const { cache, asked } = cacheOf();
  await expect(cache.read(3, 100)).resolves.toEqual(content.subarray(3, 10));
  await expect(cache.read(7, 2)).resolves.toEqual(content.subarray(7, 9));
  expect(asked).toEqual(['0-10']);
});

test('who reads one block after the other has two fetched ahead', async () => {
  const { cache, asked } = cacheOf();
  await cache.read(0, 1);
  expect(asked).toEqual(['0-10']);
  await cache.read(10, 1);
  expect(asked).toEqual(['0-10', '10-20', '20-30', '30-40']);
});

test('who jumps has nothing fetched ahead', async () => {
  const { cache, asked } = cacheOf();
  await cache.read(0, 1);
  await cache.read(90, 1);
  expect(asked).toEqual(['0-10', '90-100']);
});

test('the block used longest ago makes room', async () => {
  const { cache, asked } = cacheOf({ blocksAhead: 0 });
  for (const position of [0, 20, 40, 60, 0, 80, 0, 20]) await cache.read(position, 1);
  expect(asked).toEqual(['0-10', '20-30', '40-50', '60-70', '80-90', '20-30']);
});

test('reading on over blocks gives all there is', async () => {
  const { cache } = cacheOf();
  await expect(cache.readAll(5, 20)).resolves.toEqual(content.subarray(5, 25));
  await expect(cache.readAll(95, 20)).resolves.toEqual(content.subarray(95));
  await expect(cache.readAll(100, 20)).resolves.toHaveLength(0);
});

test('a block that cannot be fetched fails whoever reads it, and nobody else', async () => {
  const cache = createBlockCache(
    30,
    (from) => (from === 20 ? Promise.reject(new Error('gone')) : Promise.resolve(Buffer.alloc(10))),
    { blockBytes: 10, blocksAhead: 2 },
  );
  await cache.read(0, 1);
  await expect(cache.read(10, 1)).resolves.toHaveLength(1);
  await expect(cache.read(20, 1)).rejects.toThrow('gone');
});
