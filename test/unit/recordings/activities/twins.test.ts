import { mkdirSync, writeFileSync } from 'node:fs';
import { createAcknowledgeActivities } from '../../../../src/activities/shared/acknowledge.js';
import { outcomeOf, returnDelivery, settle } from '../../../../src/activities/shared/delivery.js';
import {
  extractedOf,
  type RecordingDelivery,
} from '../../../../src/activities/recordings/recording-delivery.js';
import { OUTCOME_RULES } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { createPrepareAudioActivities } from '../../../../src/activities/recordings/prepare-audio.js';
import { settleTwins, setTwinsAside } from '../../../../src/activities/recordings/twins.js';
import { AudioForbidden, AudioTruncated } from '../../../../src/pipelines/recordings/errors.js';
import { inActivity } from '../../shared/activities/in-activity.js';
import { EXTRACTED, heldBatch, type HeldBatch } from './held-batch.js';
import { BATCH } from '../../shared/activities/held-batch.js';

let held: HeldBatch;
/** Addresses that were asked for, in order. */
let fetched: string[];
beforeEach(() => {
  held = heldBatch(3);
  fetched = [];
  for (const [index, item] of held.batch.items.entries()) {
    Object.assign(item, { resultDocumentId: held.items[0].resultDocumentId });
    // The first is the newest.
    item.message.discovered_at = `2025-12-20T23:00:0${9 - index}.000Z`;
  }
});
afterEach(() => held.dispose());

/** Runs the two stages before inference; `m<n>` in `fails` fails at that stage. */
async function prepare(fails: { download?: string[]; decode?: string[] } = {}): Promise<number> {
  const stages = createPrepareAudioActivities({
    store: held.store,
    fetchAudio: (url, path) => {
      fetched.push(url);
      if (fails.download?.some((id) => path.endsWith(id)) === true) {
        return Promise.reject(new AudioForbidden('the signature has expired'));
      }
      mkdirSync(held.batch.folder, { recursive: true });
      writeFileSync(path, 'audio');
      return Promise.resolve({ bytes: 5 });
    },
    engine: {
      extract: (path) =>
        fails.decode?.some((id) => path.endsWith(id)) === true
          ? Promise.reject(new AudioTruncated('ends after 1 of 3 s'))
          : Promise.resolve(EXTRACTED),
    },
    log: held.log,
  });
  setTwinsAside(held.batch);
  await inActivity(() => stages.downloadAudio(BATCH));
  const { remaining } = await inActivity(() => stages.extractFeatures(BATCH));
  return remaining;
}

const outcomes = (): (string | undefined)[] =>
  held.batch.items.map((item) => (item.ending?.kind === 'returned' ? 'returned' : outcomeOf(item)));

/** What the upsert would do with an item that has features. */
function complete(): void {
  const scored = held.batch.items.filter((item) => extractedOf(item) !== undefined);
  for (const item of scored) settle(item, 'completed');
}

describe('twins in a batch', () => {
  test('are skipped once the one that was worked on has its result', async () => {
    await expect(prepare()).resolves.toBe(1);
    complete();
    settleTwins(held.batch);
    expect(fetched).toHaveLength(1);
    expect(outcomes()).toEqual(['completed', 'skipped_existing', 'skipped_existing']);
  });

  test.each(['download', 'decode'] as const)(
    'one takes over where the one before it failed to %s',
    async (stage) => {
      await expect(prepare({ [stage]: ['m0'] })).resolves.toBe(1);
      complete();
      settleTwins(held.batch);
      expect(outcomes()).toEqual(['failed_pre_inference', 'completed', 'skipped_existing']);
      expect(fetched).toHaveLength(2);
    },
  );

  test('all fail where none can be read, and none is taken for scored', async () => {
    await expect(prepare({ download: ['m0', 'm2'], decode: ['m1'] })).resolves.toBe(0);
    settleTwins(held.batch);
    expect(outcomes()).toEqual(Array(3).fill('failed_pre_inference'));
  });

  test.each([
    ['was refused by the store', (item: RecordingDelivery) => returnDelivery(item, 'not_written')],
    ['was decided by no stage', () => undefined],
  ])('are redelivered, and are not deleted, where the one that was worked on %s', async (_, end) => {
    await prepare();
    end(held.items[0]);
    settleTwins(held.batch);
    expect(outcomes().slice(1)).toEqual(['returned', 'returned']);
    await inActivity(() =>
      createAcknowledgeActivities({
        store: held.store,
        rules: OUTCOME_RULES,
        retryDelay: {},
        onSettled: () => undefined,
        log: held.log,
      }).acknowledge(BATCH),
    );
    expect(held.queue.deleted).toEqual([]);
  });

  test('one whose receipt is lost takes over from nobody', async () => {
    returnDelivery(held.batch.items[1]!, 'not_written');
    await prepare({ download: ['m0'] });
    expect(outcomes()).toEqual(['failed_pre_inference', 'returned', undefined]);
  });
});
