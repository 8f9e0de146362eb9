import { createAcknowledgeActivities } from '../../../../src/activities/shared/acknowledge.js';
import type { AcknowledgeReport, HostActivities } from '../../../../src/activities/shared/activity-types.js';
import { returnDelivery, settle } from '../../../../src/activities/shared/delivery.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { inActivity } from './in-activity.js';
import { BATCH, VISIBILITY_SECONDS, type HeldBatch } from './held-batch.js';
import { PARCEL_RULES, heldParcels, type Parcel, type ParcelOutcome } from './parcels.js';

let held: HeldBatch<Parcel>;
const counted: AcknowledgeReport<ParcelOutcome>['outcomes'][] = [];

function activities(): HostActivities<ParcelOutcome> {
  return createAcknowledgeActivities({
    store: held.store,
    rules: PARCEL_RULES,
    retryDelay: { baseSeconds: 30, maxSeconds: 900, jitter: 0 },
    onSettled: (_batch, counts) => counted.push(counts),
    log: held.log,
  });
}

const acknowledge = (): Promise<AcknowledgeReport<ParcelOutcome>> =>
  inActivity(() => activities().acknowledge(BATCH));

beforeEach(() => {
  counted.length = 0;
});
afterEach(() => held.dispose());

describe('acknowledging a batch', () => {
  test('deletes what is settled, and delays what failed by its receive count', async () => {
    held = heldParcels(4);
    const [delivered, known, unwanted, failed] = held.batch.items;
    settle(delivered!, 'delivered');
    settle(known!, 'known');
    settle(unwanted!, 'unwanted');
    const error = { name: 'NotAtHome', message: 'nobody opened' };
    settle(failed!, 'failed', { error });
    const report = await acknowledge();
    expect(held.queue.deleted).toEqual(['m0#1', 'm1#1', 'm2#1']);
    expect(held.queue.visibility).toEqual([{ receiptHandle: 'm3#1', seconds: 30 }]);
    expect(report).toEqual({
      outcomes: {
        delivered: 1,
        known: 1,
        unwanted: 1,
        failed: 1,
        malformed: 0,
      },
      failures: { NotAtHome: 1 },
      returned: 0,
    });
  });

  test('never deletes a message that no stage has decided on', async () => {
    held = heldParcels(1);
    const report = await acknowledge();
    expect(held.queue.deleted).toEqual([]);
    expect(held.queue.visibility).toHaveLength(1);
    expect(report.returned).toBe(1);
  });

  test('gives back, and does not count, a message whose document the store refused', async () => {
    held = heldParcels(2);
    returnDelivery(held.items[0], 'lost');
    settle(held.batch.items[1]!, 'delivered');
    const report = await acknowledge();
    expect(held.queue.deleted).toEqual(['m1#1']);
    expect(held.queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 30 }]);
    expect(report).toMatchObject({ outcomes: { delivered: 1 }, returned: 1 });
  });

  test('says why messages go back, and delays each by its receive count', async () => {
    held = heldParcels(3);
    settle(held.items[0], 'delivered');
    const [, stranger, again] = held.batch.items;
    returnDelivery(stranger!, 'wrong_town');
    Object.assign(again!, { receiveCount: 3 });
    returnDelivery(again!, 'wrong_town');
    const report = await acknowledge();
    expect(report).toMatchObject({ returned: 2, returns: { wrong_town: 2 } });
    expect(held.queue.visibility.map(({ seconds }) => seconds)).toEqual([30, 120]);
  });

  test('leaves a message alone that others may have by now', async () => {
    held = heldParcels(1);
    returnDelivery(held.items[0], 'lost');
    held.pass(VISIBILITY_SECONDS + 1);
    await acknowledge();
    expect(held.queue.deleted).toEqual([]);
    expect(held.queue.visibility).toEqual([]);
  });

  test('accounts for every message received, malformed ones too', async () => {
    held = heldParcels(3);
    held.batch.malformed = 2;
    settle(held.items[0], 'delivered');
    returnDelivery(held.batch.items[1]!, 'lost');
    const { outcomes, returned } = await acknowledge();
    const decided = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    expect(decided + returned).toBe(5);
    expect(outcomes.malformed).toBe(2);
  });

  test('answers a retry as it did before, and counts and deletes nothing twice', async () => {
    held = heldParcels(1);
    settle(held.items[0], 'delivered');
    const first = await acknowledge();
    const second = await acknowledge();
    expect(second).toEqual(first);
    expect(held.queue.deleted).toEqual(['m0#1']);
    expect(counted).toHaveLength(1);
  });

  test('keeps the batch while the queue does not answer, and settles it at the next try', async () => {
    held = heldParcels(1);
    settle(held.items[0], 'delivered');
    held.queue.broken = new DependencyUnavailable('SQS does not answer');
    await expect(acknowledge()).rejects.toThrow('SQS did not take 1 of 1 messages of this batch');
    expect(held.store.has(BATCH.batch_id)).toBe(true);
    expect(counted).toEqual([]);
    held.queue.broken = undefined;
    await acknowledge();
    expect(held.queue.deleted).toEqual(['m0#1']);
    expect(held.store.has(BATCH.batch_id)).toBe(false);
  });

  test('tries again only what the queue did not take, a delay as well as a deletion', async () => {
    held = heldParcels(4);
    const [deleted, undeleted, delayed, undelayed] = held.batch.items;
    for (const item of [deleted!, undeleted!]) settle(item, 'delivered');
    for (const item of [delayed!, undelayed!]) settle(item, 'failed');
    const reliable = { ...held.queue };
    held.queue.delete = async () => ({ ...(await reliable.delete(['m0#1'])), failed: ['m1#1'] });
    held.queue.changeVisibility = async ([first]) => ({
      ...(await reliable.changeVisibility([first!])),
      failed: ['m3#1'],
    });
    await expect(acknowledge()).rejects.toThrow('SQS did not take 2 of 4 messages');
    Object.assign(held.queue, reliable);
    const { outcomes, not_deleted } = await acknowledge();
    expect(held.queue.deleted).toEqual(['m0#1', 'm1#1']);
    expect(held.queue.visibility.map(({ receiptHandle }) => receiptHandle)).toEqual(['m2#1', 'm3#1']);
    expect(outcomes).toMatchObject({ delivered: 2, failed: 2 });
    expect(not_deleted).toBeUndefined();
    expect(counted).toHaveLength(1);
  });

  test('gives up on an outage that outlasts the receipts, and says how many are redelivered', async () => {
    held = heldParcels(3);
    settle(held.items[0], 'delivered');
    settle(held.batch.items[1]!, 'known');
    settle(held.batch.items[2]!, 'failed');
    held.queue.broken = new DependencyUnavailable('SQS does not answer');
    await expect(acknowledge()).rejects.toThrow(DependencyUnavailable);
    held.pass(VISIBILITY_SECONDS);
    const report = await acknowledge();
    expect(report).toMatchObject({
      outcomes: { delivered: 1, known: 1, failed: 1 },
      not_deleted: 2,
    });
    expect(held.log.of('processed_items_acked').at(-1)).toMatchObject({ deleted: 0, not_deleted: 2 });
    expect(held.store.size).toBe(0);
  });

  test('refuses a batch whose lease is over', async () => {
    held = heldParcels(1);
    settle(held.items[0], 'delivered');
    held.batch.lease.end();
    await expect(acknowledge()).rejects.toMatchObject({ type: 'BatchGone', nonRetryable: true });
    expect(held.queue.deleted).toEqual([]);
  });
});

describe('releasing a batch', () => {
  test('makes its messages visible at once', async () => {
    held = heldParcels(2);
    await activities().releaseBatch(BATCH);
    expect(held.queue.visibility).toEqual([
      { receiptHandle: 'm0#1', seconds: 0 },
      { receiptHandle: 'm1#1', seconds: 0 },
    ]);
    expect(held.store.size).toBe(0);
  });

  test('of which nothing is known does nothing', async () => {
    held = heldParcels(1);
    await activities().releaseBatch({ batch_id: 'another' });
    expect(held.journal).toEqual([]);
    expect(held.store.size).toBe(1);
  });
});
