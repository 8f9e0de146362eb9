import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBlockCache } from '../../../../src/pipelines/interviews/media/input/block-cache.js';
import { partsFrom } from '../../../../src/pipelines/interviews/media/input/entry-point.js';
import { lastKeyframe } from '../../../../src/pipelines/interviews/media/last-keyframe.js';

const interviews = join(__dirname, '..', '..', '..', 'fixtures', 'interviews');
const cacheOf = (bytes: Buffer) =>
  createBlockCache(bytes.length, (from, to) => Promise.resolve(bytes.subarray(from, to)));

test('a live WebM is entered at the cluster that holds the keyframe', async () => {
  const bytes = readFileSync(join(interviews, 'c01_mediarecorder_live.webm'));
  const cluster = Buffer.from('1f43b675', 'hex');
  const parts = await partsFrom(cacheOf(bytes), { container: 'matroska', fragmented: false }, 385_174);
  expect(parts).toEqual([
    { from: 0, to: bytes.indexOf(cluster) },
    { from: bytes.lastIndexOf(cluster, 385_174), to: bytes.length },
  ]);
});

test('a fragmented MP4 is entered at the fragment that holds the keyframe', async () => {
  const bytes = readFileSync(join(interviews, 'c02_fragmented_twin.mp4'));
  const parts = await partsFrom(cacheOf(bytes), { container: 'mov', fragmented: true }, 147_450);
  expect(parts).toEqual([
    { from: 0, to: bytes.indexOf('moof') - 4 },
    { from: bytes.lastIndexOf('moof', 147_450) - 4, to: bytes.length },
  ]);
});

test('an MP4 with an index is sought in, and the beginning needs no entry', async () => {
  const bytes = readFileSync(join(interviews, 'c01_mediarecorder_live.webm'));
  const entry = (container: 'mov' | 'matroska', position: number) =>
    partsFrom(cacheOf(bytes), { container, fragmented: false }, position);
  await expect(entry('mov', 385_174)).resolves.toBeUndefined();
  await expect(entry('matroska', -1)).resolves.toBeUndefined();
  await expect(entry('matroska', 900)).resolves.toBeUndefined();
});

test('bytes that only look like a cluster are none', async () => {
  const cluster = Buffer.from('1f43b67501ffffffffffffffe78100a3', 'hex');
  const lookalike = Buffer.from('1f43b675ffffffffffffffffffffffff', 'hex');
  const bytes = Buffer.concat([
    Buffer.alloc(100),
    cluster,
    Buffer.alloc(100),
    cluster,
    lookalike,
    Buffer.alloc(100),
  ]);
  const parts = await partsFrom(cacheOf(bytes), { container: 'matroska', fragmented: false }, 300);
  expect(parts).toEqual([
    { from: 0, to: 100 },
    { from: 216, to: bytes.length },
  ]);
});

test('decoding begins at the last keyframe that is not later', () => {
  const keyframes = [0.1, 5, 9].map((time) => ({ time, position: 0 }));
  expect(lastKeyframe(keyframes, 5)?.time).toBe(5);
  expect(lastKeyframe(keyframes, 4.99)?.time).toBe(0.1);
  expect(lastKeyframe(keyframes, 100)?.time).toBe(9);
  expect(lastKeyframe(keyframes, 0)).toBeUndefined();
});
