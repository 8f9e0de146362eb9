import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropLost, isUndecided } from '../../../../src/activities/shared/batch.js';
import { settle } from '../../../../src/activities/shared/delivery.js';
import { createBatchStore } from '../../../../src/activities/shared/batch-store.js';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { BATCH, VISIBILITY_SECONDS, type HeldBatch } from './held-batch.js';
import { heldParcels, noParcels, type Parcel } from './parcels.js';

let held: HeldBatch<Parcel>;
beforeEach(() => {
  held = heldParcels(2);
});
afterEach(() => held.dispose());

describe('the batches of a process', () => {
  test('a batch that is not held is told as gone, for good', () => {
    expect(() => held.store.get('another')).toThrow(
      expect.objectContaining({ type: 'BatchGone', nonRetryable: true }) as Error,
    );
  });

  test('closing ends the lease and removes the scratch folder', async () => {
    mkdirSync(held.batch.folder);
    await held.store.close(BATCH.batch_id);
    expect(held.batch.lease.state).toBe('ended');
    expect(existsSync(held.batch.folder)).toBe(false);
    expect(held.store.size).toBe(0);
  });

  test('a batch is given back once, however often it is asked for', async () => {
    await Promise.all([held.store.giveBack(BATCH.batch_id), held.store.giveBack(BATCH.batch_id)]);
    expect(held.journal).toEqual(['visibility']);
  });

  test('a batch is forgotten even when the queue does not take its messages back', async () => {
    mkdirSync(held.batch.folder);
    held.queue.broken = new DependencyUnavailable('SQS does not answer');
    await held.store.giveBackAll();
    expect(held.store.size).toBe(0);
    expect(existsSync(held.batch.folder)).toBe(false);
    expect(held.log.of('lease_release_failed')).toHaveLength(1);
  });

  test('listeners hear of every change of the number of batches', async () => {
    const sizes: number[] = [];
    held.store.onChange(() => sizes.push(held.store.size));
    held.store.add({ ...held.batch, batchId: 'batch-2' });
    await held.store.close('batch-2');
    expect(sizes).toEqual([2, 1]);
  });

  test('reports of closed batches are kept for retries, but not forever', async () => {
    const report = { outcomes: noParcels(), returned: 0 };
    for (let i = 0; i <= 200; i++) await held.store.close(`closed-${i}`, report);
    expect(held.store.closedReport('closed-0')).toBeUndefined();
    expect(held.store.closedReport('closed-1')).toEqual(report);
  });
});

describe('scratch folders of batches', () => {
  const scratchPath = mkdtempSync(join(tmpdir(), 'vachan-store-'));
  afterAll(() => rmSync(scratchPath, { recursive: true }));

  test('nobody else may read them', async () => {
    const store = createBatchStore({ scratchPath, log: held.log });
    const folder = await store.prepareFolder('batch-7');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test.each(['../outside', '.hidden', '', 'a/b', 'x'.repeat(201)])(
    'no batch id leads out of the scratch folder: %j',
    async (batchId) => {
      const store = createBatchStore({ scratchPath, log: held.log });
      await expect(store.prepareFolder(batchId)).rejects.toThrow(InvalidInput);
    },
  );
});

describe('dropping lost messages', () => {
  test('takes those out of the batch whose visibility may have ended, whatever they had reached', () => {
    settle(held.items[0], 'failed');
    held.pass(VISIBILITY_SECONDS + 1);
    dropLost(held.batch);
    expect(held.batch.items.map(({ ending }) => ending)).toEqual(
      Array(2).fill({ kind: 'returned', reason: 'receipt_lost' }),
    );
  });

  test('leaves those in it that are held', () => {
    dropLost(held.batch);
    expect(held.batch.items.filter(isUndecided)).toHaveLength(2);
  });
});
