import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import {
  extractedOf,
  reach,
  type RecordingDelivery,
} from '../../../../src/activities/recordings/recording-delivery.js';
import { settle } from '../../../../src/activities/shared/delivery.js';
import type { StageReport } from '../../../../src/activities/shared/activity-types.js';
import { createPrepareAudioActivities } from '../../../../src/activities/recordings/prepare-audio.js';
import type { FetchAudio } from '../../../../src/pipelines/recordings/audio/fetch-audio.js';
import { createRunInferenceActivity } from '../../../../src/activities/recordings/run-inference.js';
import type { AudioEngine } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { AudioNotFound, AudioTruncated } from '../../../../src/pipelines/recordings/errors.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { INFERENCE } from '../results/deliveries.js';
import { activityEnvironment, inActivity } from '../../shared/activities/in-activity.js';
import { EXTRACTED, heldBatch, type HeldBatch } from './held-batch.js';
import { BATCH } from '../../shared/activities/held-batch.js';

let held: HeldBatch;
/** Addresses in the order in which they were asked for. */
let fetched: string[];
let removals: string[];
beforeEach(() => {
  fetched = [];
  removals = [];
});
afterEach(() => held.dispose());

const store: FetchAudio = (url, path) => {
  fetched.push(url);
  mkdirSync(held.batch.folder, { recursive: true });
  writeFileSync(path, 'audio');
  return Promise.resolve({ bytes: 5 });
};
const extract: AudioEngine['extract'] = () => Promise.resolve(EXTRACTED);

const stages = (fetchAudio = store, extractFrom = extract): ReturnType<typeof createPrepareAudioActivities> =>
  createPrepareAudioActivities({
    store: held.store,
    fetchAudio,
    engine: { extract: extractFrom },
    log: held.log,
  });
const download = (fetchAudio?: FetchAudio, extractFrom?: AudioEngine['extract']): Promise<StageReport> =>
  inActivity(() => stages(fetchAudio, extractFrom).downloadAudio(BATCH));
const features = (extractFrom?: AudioEngine['extract']): Promise<StageReport> =>
  inActivity(() => stages(store, extractFrom).extractFeatures(BATCH));

const audioPathOf = ({ reached }: RecordingDelivery): string | undefined =>
  reached.stage === 'downloaded' ? reached.audioPath : undefined;

describe('downloading a batch', () => {
  test('a recording that fails costs itself only', async () => {
    held = heldBatch(2);
    const missingFirst: FetchAudio = (url, path, signal) =>
      url.endsWith('0.wav') ? Promise.reject(new AudioNotFound('no such object')) : store(url, path, signal);
    await expect(download(missingFirst)).resolves.toEqual({ remaining: 1 });
    expect(held.items[0]).toMatchObject({
      ending: {
        outcome: 'failed_pre_inference',
        error: { name: 'AudioNotFound', message: 'no such object' },
      },
    });
    expect(held.log.of('item_failed_pre_inference')).toHaveLength(1);
  });

  test('any other failure fails the stage, whose next attempt fetches only what is missing', async () => {
    held = heldBatch(2);
    const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const diskFull: FetchAudio = (url, path, signal) =>
      url.endsWith('0.wav') ? Promise.reject(noSpace) : store(url, path, signal);
    // Of the family, so that the log and Temporal say what is wrong and that trying again may help.
    await expect(download(diskFull)).rejects.toThrow('The disk of SCRATCH_PATH cannot be written: ENOSPC');
    expect(held.items[0].ending).toBeUndefined();
    await download();
    expect(fetched).toEqual(['s3://recordings/1.wav', 's3://recordings/0.wav']);
  });
});

describe('extracting features', () => {
  test('begins with a recording while others are still downloading, and does it once', async () => {
    held = heldBatch(2);
    let begun: () => void = () => undefined;
    const firstHasBegun = new Promise<void>((resolve) => (begun = resolve));
    const secondWaits: FetchAudio = async (url, path, signal) => {
      if (url.endsWith('1.wav')) await firstHasBegun;
      return store(url, path, signal);
    };
    const calls: string[] = [];
    const counted: AudioEngine['extract'] = (path) => {
      calls.push(path);
      begun();
      return Promise.resolve(EXTRACTED);
    };
    await download(secondWaits, counted);
    const paths = held.items.map(audioPathOf);
    await features(counted);
    expect(calls).toEqual(paths);
    expect(held.items.map(extractedOf)).toEqual([EXTRACTED, EXTRACTED]);
  });

  test('what the pool did not answer fails the stage, whose next attempt asks again', async () => {
    held = heldBatch(1);
    await download(store, () => Promise.reject(new DependencyUnavailable('the pool is closed')));
    await expect(features()).rejects.toThrow('the pool is closed');
    expect(held.items[0].ending).toBeUndefined();
    await features();
    expect(extractedOf(held.items[0])).toBe(EXTRACTED);
  });

  test('a batch that is given back waits for the pool no longer', async () => {
    held = heldBatch(1);
    let signal: AbortSignal | undefined;
    await download(store, (_path, options) => {
      signal = options?.signal;
      return new Promise(() => undefined);
    });
    await held.store.giveBack(BATCH.batch_id);
    expect(signal?.aborted).toBe(true);
  });

  test('a stage that is cancelled does not wait for the pool', async () => {
    held = heldBatch(1);
    const never: AudioEngine['extract'] = () => new Promise(() => undefined);
    await download(store, never);
    const environment = activityEnvironment();
    const stage = environment.run(() => stages(store, never).extractFeatures(BATCH));
    environment.cancel();
    await expect(stage).rejects.toThrow();
  });

  test('keeps the features, and has the file removed by who decodes it', async () => {
    held = heldBatch(1);
    await download(store, (path, options) => {
      if (options?.removes === true) removals.push(path);
      return Promise.resolve(EXTRACTED);
    });
    const path = audioPathOf(held.items[0]) ?? '';
    expect(existsSync(path)).toBe(true);
    await features();
    expect(extractedOf(held.items[0])).toBe(EXTRACTED);
    expect(removals).toEqual([path]);
  });

  test('a recording that cannot be decoded costs itself only, and is not decoded again', async () => {
    held = heldBatch(2);
    const calls: string[] = [];
    const truncatedFirst: AudioEngine['extract'] = (path) => {
      calls.push(path);
      return path.endsWith(held.items[0].messageId)
        ? Promise.reject(new AudioTruncated('ends after 1 of 3 s'))
        : Promise.resolve(EXTRACTED);
    };
    await download(store, truncatedFirst);
    await expect(features(truncatedFirst)).resolves.toEqual({ remaining: 1 });
    await features(truncatedFirst);
    expect(calls).toHaveLength(2);
    expect(held.items[0].ending).toMatchObject({
      error: { name: 'AudioTruncated', message: 'ends after 1 of 3 s' },
    });
  });

  test('features that are no finite numbers fail the recording', async () => {
    held = heldBatch(1);
    await download(store, () => Promise.resolve({ ...EXTRACTED, features: new Float64Array([1, NaN, 3]) }));
    await features();
    expect(held.items[0].ending).toMatchObject({ outcome: 'failed_pre_inference' });
  });
});

describe('running inference', () => {
  const inferenceOf = ({ reached }: RecordingDelivery): unknown =>
    reached.stage === 'scored' ? reached.inference : undefined;
  const infer = (score: AudioEngine['score']): Promise<StageReport> =>
    inActivity(() =>
      createRunInferenceActivity({
        store: held.store,
        engine: { score },
        log: held.log,
      }).runInference(BATCH),
    );

  test('scores in one call what has features, and nothing else', async () => {
    held = heldBatch(3);
    reach(held.items[0], { stage: 'extracted', extracted: EXTRACTED });
    settle(held.batch.items[1]!, 'failed_pre_inference');
    reach(held.batch.items[2]!, { stage: 'extracted', extracted: EXTRACTED });
    const score = jest.fn<ReturnType<AudioEngine['score']>, Parameters<AudioEngine['score']>>((rows) =>
      Promise.resolve(rows.map(() => ({ inference: INFERENCE }))),
    );
    await infer(score);
    expect(score.mock.calls.map(([rows]) => rows.length)).toEqual([2]);
    expect(held.batch.items.map(inferenceOf)).toEqual([INFERENCE, undefined, INFERENCE]);
  });

  test('keeps what a shadow model says beside, and counts anomalies of the model that decides', async () => {
    held = heldBatch(2);
    held.batch.items.forEach((item) => reach(item, { stage: 'extracted', extracted: EXTRACTED }));
    const shadow = { ...INFERENCE, is_anomaly: !INFERENCE.is_anomaly, model_version: '2' };
    await infer((rows) =>
      Promise.resolve(rows.map((_, row) => ({ inference: INFERENCE, ...(row === 0 && { shadow }) }))),
    );
    expect(held.batch.items.map(({ reached }) => reached)).toEqual([
      { stage: 'scored', extracted: EXTRACTED, inference: INFERENCE, shadow },
      { stage: 'scored', extracted: EXTRACTED, inference: INFERENCE },
    ]);
    expect(held.log.of('inference_batch_completed')).toMatchObject([{ items: 2, anomalies: 2 }]);
  });

  test('a model that does not answer fails the batch and decides nothing', async () => {
    held = heldBatch(1);
    reach(held.items[0], { stage: 'extracted', extracted: EXTRACTED });
    const away = (): Promise<never> => Promise.reject(new DependencyUnavailable('the pool is busy'));
    await expect(infer(away)).rejects.toThrow('the pool is busy');
    expect(held.items[0].ending).toBeUndefined();
  });

  test('does not ask the model when every recording has failed', async () => {
    held = heldBatch(1);
    settle(held.items[0], 'failed_pre_inference');
    const score = jest.fn<ReturnType<AudioEngine['score']>, []>();
    await infer(score);
    expect(score).not.toHaveBeenCalled();
  });
});
