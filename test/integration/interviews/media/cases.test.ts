import { readFileSync } from 'node:fs';
import { treeRssBytes } from '../../../../src/platform/children/process-tree.js';
import type { VideoSample } from '../../../../src/pipelines/interviews/contract/video-sample.js';
import { mediaUnderTest } from './media-under-test.js';

/** What must come of each file: test/fixtures/interviews/README.md. */
const media = mediaUnderTest();

const facesOf = (samples: readonly VideoSample[] = []): number[] => samples.map(({ faces }) => faces.length);
const ones = (count: number): number[] => new Array<number>(count).fill(1);

test.each([
  ['c01_mediarecorder_live.webm', 10, 10, { stated_duration: null, sequential: true }],
  ['c02_moov_at_end.mp4', 10.3, 11, { sequential: false }],
  ['c02_faststart_twin.mp4', 10.3, 11, { sequential: false }],
  ['c02_fragmented_twin.mp4', 10.5, 11, { stated_duration: null, sequential: true }],
  ['c03_vfr.webm', 12, 12, {}],
  ['c04_rotated_270.mp4', 10, 10, { video: { width: 406, height: 720, rotation: 90 } }],
  ['c10_video_ends_early.mp4', 12, 7, { warnings: ['video_ends_early'], video: { start: 0 } }],
  ['c12_av1.mp4', 6, 6, { video: { codec: 'av1' } }],
  ['c12_hevc.mov', 6, 6, { video: { codec: 'hevc', reorder: 2 } }],
  ['c12_vp9.webm', 6, 6, { video: { codec: 'vp9' } }],
  ['c12_h264.mkv', 6.3, 7, { video: { codec: 'h264', reorder: 2 } }],
  ['c16_chromium_webm_vp8.webm', 14, 14, { stated_duration: null, video: { frames: 264 } }],
])(
  '%s lasts %d s, and one face is seen in each of its %d samples',
  async (name, seconds, count, expected) => {
    const source = await media.open(name);
    const { facts, samples } = await media.engine.pass(source, { hear: false, sampleEvery: 1 });
    expect(facts).toMatchObject({ warnings: [], ...expected });
    expect(Math.abs(facts.duration - seconds)).toBeLessThan(0.1);
    expect(facesOf(samples)).toEqual(ones(count));
    expect(samples?.map(({ k }) => k)).toEqual(ones(count).map((_, k) => k));
    expect(samples?.every(({ k, time }) => time >= k && time < k + 1)).toBe(true);
  },
);

test.each([
  ['c05_audio_only_live.webm', 0, 6, 1],
  ['c06_digital_silence.m4a', 0, 60, 1],
  ['c10_audio_starts_late.mp4', 2.94, 12.02, 1],
  ['c15_speech_on_right_only.mp4', 0, 10, 2],
  ['c16_chromium_audio_webm.webm', 0, 13.98, 1],
])('%s is heard from %d to %d s', async (name, start, end, channels) => {
  const { facts, audio } = await media.engine.pass(await media.open(name), { needs: 'audio' });
  expect(facts.audio?.channels).toBe(channels);
  expect(Math.abs(audio!.start - start)).toBeLessThan(0.02);
  expect(Math.abs(audio!.end - end)).toBeLessThan(0.02);
  expect(audio!.speech.length > 0).toBe(name !== 'c06_digital_silence.m4a');
});

test.each([
  ['c05_audio_only_live.webm', 'no video stream'],
  ['c08_cut_no_moov.mp4', 'index missing'],
  ['c08_empty.mp4', 'empty'],
  ['c13_hls_local_file.mp4', 'not a known container'],
  ['c13_bomb_16000x16000.mp4', 'picture too large'],
])('%s is refused for good: %s', async (name, reason) => {
  const source = await media.open(name);
  await expect(media.engine.pass(source, { needs: 'video', sampleEvery: 1 })).rejects.toMatchObject({
    name: 'MediaRefused',
    reason,
    retryable: false,
  });
});

test('a picture of 16,000 pixels each way is refused before any memory is taken for it', async () => {
  const [pid] = media.engine.memberPids();
  const before = treeRssBytes(pid!)!;
  const peakBefore = peakBytes(pid!);
  await expect(media.engine.pass(await media.open('c13_bomb_16000x16000.mp4'), {})).rejects.toThrow(
    'picture too large',
  );
  expect(media.engine.memberPids()).toEqual([pid]);
  expect(Math.max(peakBytes(pid!) - peakBefore, treeRssBytes(pid!)! - before)).toBeLessThan(64 * 1024 ** 2);
});

/** Most resident memory so far; 0 where there is no /proc. */
function peakBytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
