import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { heldBatch, score, type HeldBatch } from './held-batch.js';
import { documents, rows, backlinks, logged, away, refused, resetUpsert, upsert } from './upsert-fakes.js';

let held: HeldBatch;
beforeEach(() => resetUpsert(() => held));
afterEach(() => held.dispose());

describe('making outcomes durable while something does not answer', () => {
  test('completes nothing and writes no row while results cannot be written', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add('results');
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    expect(held.items[0].ending).toBeUndefined();
    expect(rows).toEqual([]);
    expect(held.journal).not.toContain('csv');
  });

  test('keeps the features of what an earlier attempt scored, when a later one has less to write', async () => {
    held = heldBatch(2);
    held.batch.items.forEach((item) => score(item));
    refused.add(held.items[0].resultDocumentId);
    away.add('csv');
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    away.clear();
    await upsert();
    expect(logged).toEqual(held.items.map(({ resultDocumentId }) => resultDocumentId));
  });

  test('writes no result while features cannot be logged, and none of them where they are not kept', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add(`features of ${held.items[0].message.test_date}`);
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    expect(documents).toEqual([]);
    await upsert({ featureLog: undefined });
    expect(documents).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  test('writes only the CSV again when only the CSV had failed', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add('csv');
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    away.clear();
    await upsert();
    expect(documents).toHaveLength(1);
    expect(rows).toHaveLength(1);
  });

  test('writes the backlinks when only they had failed', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add('backlinks');
    await expect(upsert({ writeBacklinks: true })).rejects.toThrow(DependencyUnavailable);
    expect(rows).toEqual([]);
    away.clear();
    await upsert({ writeBacklinks: true });
    expect(backlinks.map(({ anomaly_result_id }) => anomaly_result_id)).toEqual([
      held.items[0].resultDocumentId,
    ]);
    expect(documents).toHaveLength(1);
  });
});
