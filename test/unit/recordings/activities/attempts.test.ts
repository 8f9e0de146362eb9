import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { settle } from '../../../../src/activities/shared/delivery.js';
import { OUTCOME_RULES } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { createAcknowledgeActivities } from '../../../../src/activities/shared/acknowledge.js';
import { createPrepareAudioActivities } from '../../../../src/activities/recordings/prepare-audio.js';
import type { FetchAudio } from '../../../../src/pipelines/recordings/audio/fetch-audio.js';
import { createScreenActivity } from '../../../../src/activities/recordings/screen-batch.js';
import { AudioDownloadFailed, AudioUndecodable } from '../../../../src/pipelines/recordings/errors.js';
import { activityEnvironment, inActivity } from '../../shared/activities/in-activity.js';
import { EXTRACTED, heldBatch, type HeldBatch } from './held-batch.js';
import { BATCH } from '../../shared/activities/held-batch.js';

let held: HeldBatch;
beforeEach(() => {
  held = heldBatch(1);
  mkdirSync(held.batch.folder, { recursive: true });
});
afterEach(() => held.dispose());

/** A promise, and what settles it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const stages = (fetchAudio: FetchAudio) =>
  createPrepareAudioActivities({
    store: held.store,
    fetchAudio,
    engine: {
      extract: (path) =>
        existsSync(path)
          ? Promise.resolve(EXTRACTED)
          : Promise.reject(new AudioUndecodable('there is no such file')),
    },
    log: held.log,
  });

const fetched: FetchAudio = (_url, path) => {
  writeFileSync(path, 'audio');
  return Promise.resolve({ bytes: 5 });
};

describe('two attempts at a stage in one process', () => {
  test('the one that was given up removes its own file, however late, and not the other one', async () => {
    const begun = gate();
    const late = gate();
    const removedLate: FetchAudio = async (_url, path, signal) => {
      writeFileSync(path, 'aud');
      begun.open();
      await late.passed;
      rmSync(path, { force: true });
      signal.throwIfAborted();
      return { bytes: 5 };
    };
    const first = inActivity(() => stages(removedLate).downloadAudio(BATCH));
    await begun.passed;
    await inActivity(() => stages(fetched).downloadAudio(BATCH));
    late.open();
    await expect(first).rejects.toThrow('A later attempt at this batch has begun');
    await inActivity(() => stages(fetched).extractFeatures(BATCH));
    expect(held.items[0].reached).toEqual({ stage: 'extracted', extracted: EXTRACTED });
    expect(held.items[0].ending).toBeUndefined();
  });

  test('the one that was given up decides nothing, whatever it meets', async () => {
    const begun = gate();
    const late = gate();
    const failsLate: FetchAudio = async () => {
      begun.open();
      await late.passed;
      throw new AudioDownloadFailed('the connection was closed');
    };
    const first = inActivity(() => stages(failsLate).downloadAudio(BATCH));
    await begun.passed;
    await inActivity(() => stages(fetched).downloadAudio(BATCH));
    late.open();
    await expect(first).rejects.toThrow();
    expect(held.items[0].ending).toBeUndefined();
    expect(held.log.of('item_failed_pre_inference')).toEqual([]);
  });

  test('an attempt that Temporal has cancelled decides nothing either', async () => {
    const environment = activityEnvironment();
    const cancelled: FetchAudio = () => {
      environment.cancel();
      return Promise.reject(new AudioDownloadFailed('the connection was closed'));
    };
    await expect(environment.run(() => stages(cancelled).downloadAudio(BATCH))).rejects.toThrow();
    expect(held.items[0].ending).toBeUndefined();
  });

  test('a screening that was given up does not look at twins and rows anew behind the stages that follow', async () => {
    const begun = gate();
    const late = gate();
    const screen = (stillEligible: () => Promise<boolean[]>) =>
      inActivity(() =>
        createScreenActivity({
          store: held.store,
          results: { findExisting: () => Promise.resolve(new Set()) },
          source: { sourceCollection: 'student_assessment_record', stillEligible },
          log: held.log,
        }).screenBatch(BATCH),
      );
    const first = screen(async () => {
      begun.open();
      await late.passed;
      return [false];
    });
    await begun.passed;
    await screen(() => Promise.resolve([true]));
    late.open();
    await expect(first).rejects.toThrow();
    expect(held.items[0].ending).toBeUndefined();
  });

  test('a second acknowledgement joins the first, and nothing is deleted or counted twice', async () => {
    settle(held.items[0], 'completed');
    const asked = gate();
    const answered = gate();
    const { queue } = held;
    const reliable = { ...queue };
    queue.delete = async (receipts) => {
      asked.open();
      await answered.passed;
      return reliable.delete(receipts);
    };
    const counted: unknown[] = [];
    const activities = createAcknowledgeActivities({
      store: held.store,
      rules: OUTCOME_RULES,
      retryDelay: {},
      onSettled: (_batch, outcomes) => counted.push(outcomes),
      log: held.log,
    });
    const first = inActivity(() => activities.acknowledge(BATCH));
    await asked.passed;
    const second = inActivity(() => activities.acknowledge(BATCH));
    answered.open();
    expect(await second).toEqual(await first);
    expect(queue.deleted).toEqual(['m0#1']);
    expect(counted).toHaveLength(1);
  });
});

describe('two attempts at a receipt in one process', () => {
  test('giving the earlier one back leaves the later one its batch, folder and work', async () => {
    const { store, batch, queue } = held;
    const answered = gate();
    const reliable = { ...queue };
    queue.changeVisibility = async (entries) => {
      await answered.passed;
      return reliable.changeVisibility(entries);
    };
    const givingBack = store.giveBack(BATCH.batch_id);
    const folder = await store.prepareFolder(BATCH.batch_id);
    const later = { ...batch, folder, closed: new AbortController() };
    store.add(later);
    answered.open();
    await givingBack;
    expect(store.get(BATCH.batch_id)).toBe(later);
    expect(later.closed.signal.aborted).toBe(false);
    expect([existsSync(folder), existsSync(batch.folder)]).toEqual([true, false]);
    expect(queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 0 }]);
  });

  test('each has a folder of its own', async () => {
    const { store } = held;
    const [one, other] = await Promise.all([store.prepareFolder('b'), store.prepareFolder('b')]);
    expect(one).not.toBe(other);
  });
});
