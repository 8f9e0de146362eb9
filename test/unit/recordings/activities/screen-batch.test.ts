import { createScreenActivity } from '../../../../src/activities/recordings/screen-batch.js';
import type { StageReport } from '../../../../src/activities/shared/activity-types.js';
import { outcomeOf } from '../../../../src/activities/shared/delivery.js';
import type { RecordingDelivery } from '../../../../src/activities/recordings/recording-delivery.js';
import { inActivity } from '../../shared/activities/in-activity.js';
import { heldBatch, type HeldBatch } from './held-batch.js';
import { BATCH } from '../../shared/activities/held-batch.js';

let held: HeldBatch;
let existing: Set<string>;
/** Subject ids of rows that are gone. */
let gone: Set<string>;
beforeEach(() => {
  existing = new Set();
  gone = new Set();
});
afterEach(() => held.dispose());

const screen = (): Promise<StageReport> =>
  inActivity(() =>
    createScreenActivity({
      store: held.store,
      results: { findExisting: (ids) => Promise.resolve(new Set(ids.filter((id) => existing.has(id)))) },
      source: {
        sourceCollection: 'student_assessment_record',
        stillEligible: (keys) => Promise.resolve(keys.map(({ subject_id }) => !gone.has(subject_id))),
      },
      log: held.log,
    }).screenBatch(BATCH),
  );

/** Makes an item another delivery of the same recording. */
function makeTwin(item: RecordingDelivery, of: RecordingDelivery): void {
  Object.assign(item, { resultDocumentId: of.resultDocumentId });
}
const outcomes = (): (string | undefined)[] => held.batch.items.map(outcomeOf);

const waitsFor = ({ reached }: RecordingDelivery): RecordingDelivery | undefined =>
  reached.stage === 'waiting' ? reached.for : undefined;

describe('screening a batch', () => {
  test('leaves out what has a result, and what is no candidate any more', async () => {
    held = heldBatch(3);
    existing.add(held.items[0].resultDocumentId);
    gone.add('reading-1');
    await expect(screen()).resolves.toEqual({ remaining: 1 });
    expect(outcomes()).toEqual(['skipped_existing', 'skipped_ineligible', undefined]);
  });

  test('gives back what is of another source, loudly, and does not look for its row here', async () => {
    held = heldBatch(3);
    const [own, other, scored] = held.batch.items;
    for (const item of [other!, scored!]) {
      Object.assign(item, { message: { ...item.message, source_collection: 'exam_record\u0007' } });
    }
    existing.add(scored!.resultDocumentId);
    gone.add(other!.message.subject_id);
    await expect(screen()).resolves.toEqual({ remaining: 1 });
    expect(outcomes()).toEqual([undefined, undefined, 'skipped_existing']);
    expect([own!.ending, other!.ending]).toEqual([undefined, { kind: 'returned', reason: 'other_source' }]);
    expect(held.log.of('other_source_returned')).toMatchObject([
      { messages: 1, source_collections: ['exam_record\\u{7}'], served: 'student_assessment_record' },
    ]);
  });

  test('works on one of two deliveries of the same recording, and leaves the other open until its outcome', async () => {
    held = heldBatch(2);
    makeTwin(held.batch.items[1]!, held.items[0]);
    await expect(screen()).resolves.toEqual({ remaining: 1 });
    expect(outcomes()).toEqual([undefined, undefined]);
    expect(waitsFor(held.batch.items[1]!)).toBe(held.items[0]);
  });

  test('works on the newest of several deliveries, whose signature has the longest to live', async () => {
    held = heldBatch(3);
    const [stale, fresh, newestRow] = held.batch.items as [
      RecordingDelivery,
      RecordingDelivery,
      RecordingDelivery,
    ];
    makeTwin(fresh, stale);
    makeTwin(newestRow, stale);
    fresh.message.discovered_at = '2025-12-20T23:00:00.000Z';
    newestRow.message.source_updated_at = '2025-12-20T22:00:00.000Z';
    await screen();
    expect(held.batch.items.map(waitsFor)).toEqual([newestRow, newestRow, undefined]);
  });

  test('a delivery whose row is gone does not stand in for its twin, whose row still stands', async () => {
    held = heldBatch(2);
    makeTwin(held.batch.items[1]!, held.items[0]);
    gone.add('reading-0');
    await screen();
    expect(outcomes()).toEqual(['skipped_ineligible', undefined]);
  });

  test('decides nothing anew when it runs again', async () => {
    held = heldBatch(2);
    makeTwin(held.batch.items[1]!, held.items[0]);
    await screen();
    existing.add(held.items[0].resultDocumentId);
    await screen();
    expect(outcomes()).toEqual(['skipped_existing', 'skipped_existing']);
    gone.add('reading-1');
    await screen();
    expect(outcomes()).toEqual(['skipped_existing', 'skipped_existing']);
  });

  test('asks no source about recordings that stand in none', async () => {
    held = heldBatch(2);
    held.items[0].message.source_collection = 'direct:student_assessment_record';
    gone.add('reading-0').add('reading-1');
    await expect(screen()).resolves.toEqual({ remaining: 1 });
    expect(outcomes()).toEqual([undefined, 'skipped_ineligible']);
    expect(held.items[0].ending).toBeUndefined();
  });

  test('is refused for a batch that this process does not hold', async () => {
    held = heldBatch(1);
    await held.store.close(BATCH.batch_id);
    await expect(screen()).rejects.toMatchObject({ type: 'BatchGone' });
  });
});
