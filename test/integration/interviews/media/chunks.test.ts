import { planChunks } from '../../../../src/pipelines/interviews/media/plan-chunks.js';
import type { MediaSource } from '../../../../src/pipelines/interviews/media/media-source.js';
import type { VideoSample } from '../../../../src/pipelines/interviews/contract/video-sample.js';
import { mediaUnderTest } from './media-under-test.js';

const media = mediaUnderTest();

const FILES = [
  // Sought in, with frames that wait for others; in clusters of a live recording; in fragments; in Matroska without cues;
  // with keyframes at any time; with a size of its own in each; upright only when it is turned.
  'c02_moov_at_end.mp4',
  'c01_mediarecorder_live.webm',
  'c02_fragmented_twin.mp4',
  'c12_h264.mkv',
  'c12_hevc.mov',
  'c16_chromium_webm_vp8.webm',
  'c03_vfr.webm',
  'c04_rotated_270.mp4',
];

test.each(FILES)('%s has the same samples in one reading, as a whole and in chunks', async (name) => {
  const source = await media.open(name);
  const { facts, samples: inOneReading } = await media.engine.pass(source, { hear: false, sampleEvery: 1 });
  const chunks = planChunks(facts, { bytes: 1, every: 1, shortest: 3 });
  expect(chunks.length).toBeGreaterThan(2);
  const inChunks: VideoSample[] = [];
  for (const { from, to } of chunks) {
    inChunks.push(...(await media.engine.sampleVideo(source, facts, { from, to, every: 1 })));
  }
  // To the bit: brightness, boxes and signatures are of the very same pictures.
  expect(inChunks).toEqual(inOneReading);
});

test('a chunk of a live recording is read from its cluster on, not from the beginning', async () => {
  const read = await rangesRead('c16_chromium_webm_vp8.webm', { from: 12, to: 14 });
  // Two megabytes: the header's block, and the one that the last cluster is in.
  expect(read).toEqual([0, 1]);
});

test('keyframes alone are a sample each, where a window has one', async () => {
  const source = await media.open('c16_chromium_webm_vp8.webm');
  const { facts } = await media.engine.pass(source, { hear: false });
  const options = { from: 0, to: 14, every: 1, frames: 'keyframes' } as const;
  const samples = await media.engine.sampleVideo(source, facts, options);
  expect(samples.map(({ k, time }) => [k, time])).toEqual([
    [0, 0],
    [7, 7.273],
    [11, 11.868],
  ]);
  await expect(
    media.engine.sampleVideo(source, facts, { ...options, from: 8, to: 12 }),
  ).resolves.toMatchObject([{ k: 11 }]);
});

test('a stretch without video has no samples', async () => {
  const source = await media.open('c02_moov_at_end.mp4');
  const { facts } = await media.engine.pass(source, { hear: false });
  await expect(media.engine.sampleVideo(source, facts, { from: 60, to: 120, every: 1 })).resolves.toEqual([]);
});

/** Megabytes that are asked for over one chunk. */
async function rangesRead(name: string, { from, to }: { from: number; to: number }): Promise<number[]> {
  const file = await media.open(name);
  const { facts } = await media.engine.pass(file, { hear: false });
  const read: number[] = [];
  const source: MediaSource = {
    ...file,
    read(start, end) {
      read.push(start / 1024 ** 2);
      return file.read(start, end);
    },
  };
  await media.engine.sampleVideo(source, facts, { from, to, every: 1 });
  return read;
}
