import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { createMediaEngine } from '../../../../src/pipelines/interviews/media/create-media-engine.js';
import { MediaChanged } from '../../../../src/pipelines/interviews/media/media-errors.js';
import type { MediaSource } from '../../../../src/pipelines/interviews/media/media-source.js';
import { mediaUnderTest, MODELS } from './media-under-test.js';

const lost: string[] = [];
const media = mediaUnderTest({ onMemberLost: (reason) => lost.push(reason) });
afterEach(() => lost.splice(0));

/** A medium whose bytes never come. */
async function stalled(): Promise<{ source: MediaSource; asked: Promise<void> }> {
  const file = await media.open('c02_moov_at_end.mp4');
  let hear: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (hear = resolve));
  return {
    asked,
    source: {
      ...file,
      read(_from, _to, signal) {
        hear();
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      },
    },
  };
}

test.each<[string, Error]>([
  ['that it is another object by now', new MediaChanged('replaced')],
  ['that the store does not answer', new DependencyUnavailable('S3 does not answer')],
])('what keeps a medium from being read is told as it is: %s', async (_what, error) => {
  const file = await media.open('c16_chromium_webm_vp8.webm');
  // The second megabyte: in the middle of its packets.
  const source: MediaSource = {
    ...file,
    read: (from, to) => (from > 0 ? Promise.reject(error) : file.read(from, to)),
  };
  await expect(media.engine.pass(source, { hear: false })).rejects.toBe(error);
  await expect(media.engine.pass(file, { hear: false })).resolves.toMatchObject({ facts: { warnings: [] } });
});

test('a pass that is cancelled takes its process along, and the next one has another', async () => {
  const { source, asked } = await stalled();
  const [pid] = media.engine.memberPids();
  const stop = new AbortController();
  const pass = media.engine.pass(source, { signal: stop.signal });
  await asked;
  stop.abort(new Error('cancelled'));
  await expect(pass).rejects.toThrow('cancelled');
  const next = await media.open('c05_audio_only_live.webm');
  await expect(media.engine.pass(next, {})).resolves.toMatchObject({ facts: { container: 'matroska' } });
  expect(media.engine.memberPids()).not.toContain(pid);
  expect(lost).toEqual([]);
});

test('a process that dies costs the medium that it read, which may be tried again', async () => {
  const { source, asked } = await stalled();
  const pass = media.engine.pass(source, {});
  await asked;
  process.kill(media.engine.memberPids()[0]!, 'SIGKILL');
  await expect(pass).rejects.toMatchObject({ name: 'MediaProcessLost', retryable: true });
  expect(lost).toEqual(['killed by SIGKILL']);
});

test('what takes more memory than it may is refused for good', async () => {
  const small = await createMediaEngine({ size: 1, models: MODELS, transcriber: 'off', memoryMb: 90 });
  try {
    const source = await media.open('c16_chromium_webm_vp8.webm');
    await expect(small.pass(source, { sampleEvery: 1 })).rejects.toMatchObject({
      name: 'MediaRefused',
      reason: 'too complex',
    });
  } finally {
    await small.close();
  }
});

test('models that could not be opened once are opened by the next task of the same process', async () => {
  const models = mkdtempSync(join(tmpdir(), 'vachan-models-'));
  cpSync(MODELS, models, { recursive: true });
  const network = join(models, 'face-mesh', 'network.onnx');
  renameSync(network, `${network}.away`);
  const engine = await createMediaEngine({ size: 1, models, transcriber: 'off' });
  try {
    const source = await media.open('c12_h264.mkv');
    const pids = engine.memberPids();
    await expect(engine.pass(source, { sampleEvery: 2 })).rejects.toThrow('cannot be read');
    renameSync(`${network}.away`, network);
    await expect(engine.pass(source, { sampleEvery: 2 })).resolves.toMatchObject({ facts: { warnings: [] } });
    expect(engine.memberPids()).toEqual(pids);
  } finally {
    await engine.close();
    rmSync(models, { recursive: true });
  }
});

test.each([
  ['more streams than may be', { maxStreams: 1 }, 'too many streams', '2, expected at most 1'],
  ['pictures larger than may be', { maxPixels: 1_000 }, 'picture too large', '1280 x 720'],
  ['more packets than may be', { maxPackets: 10 }, 'too complex', 'more than 10 packets'],
  ['a longer time than may be', { maxSeconds: 5 }, 'too long', 'longer than 5 s'],
  ['sound of a higher rate', { maxSampleRate: 8_000 }, 'sound of a kind that is not expected', '48000 Hz'],
])('%s is refused, with what was found and expected', async (_what, limits, reason, detail) => {
  const strict = await createMediaEngine({ size: 1, models: MODELS, transcriber: 'off', limits });
  try {
    const pass = strict.pass(await media.open('c16_chromium_webm_vp8.webm'), { hear: false });
    await expect(pass).rejects.toMatchObject({ reason, message: expect.stringContaining(detail) as string });
  } finally {
    await strict.close();
  }
});

test('who asks hears how far it is', async () => {
  const told: number[] = [];
  const source = await media.open('c02_moov_at_end.mp4');
  await media.engine.pass(source, { hear: false, onProgress: ({ bytes }) => told.push(bytes) });
  expect(told[0]).toBe(source.size);
});
