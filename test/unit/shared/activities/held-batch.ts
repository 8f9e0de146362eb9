import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch } from '../../../../src/activities/shared/batch.js';
import { createBatchStore, type BatchStore } from '../../../../src/activities/shared/batch-store.js';
import type { ArrivedDelivery, Delivery } from '../../../../src/activities/shared/delivery.js';
import { recordingLogger, type RecordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { startLease } from '../../../../src/queue/batch-lease.js';
import { received } from '../queue/received.js';
import { fakeQueue, type FakeQueue } from './fake-queue.js';

export const BATCH = { batch_id: 'batch-1' };
export const VISIBILITY_SECONDS = 120;

/** A batch in its store, under a real lease on a fake queue. */
export interface HeldBatch<Item extends Delivery> {
  store: BatchStore<Item>;
  batch: Batch<Item>;
  items: readonly [Item, ...Item[]];
  queue: FakeQueue;
  log: RecordingLogger;
  /** What was done to the queue and, by tests, to other stores, in order. */
  journal: string[];
  /** Lets so many seconds pass for the lease. */
  pass(seconds: number): void;
  dispose(): void;
}

/** Messages `m0`, `m1`, …, received once each. */
export function holdBatch<Item extends Delivery>(
  count: number,
  begin: (arrived: ArrivedDelivery, index: number) => Item,
): HeldBatch<Item> {
  const journal: string[] = [];
  const queue = fakeQueue(journal);
  const log = recordingLogger();
  const scratchPath = mkdtempSync(join(tmpdir(), 'vachan-batch-'));
  const store = createBatchStore<Item>({ scratchPath, log });
  let nowMs = 0;
  const lease = startLease({
    queue,
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
    graceSeconds: 60,
    log,
    clock: () => nowMs,
  });
  const messages = received(count);
  queue.giveOut(messages);
  lease.add(messages);
  const items = messages.map(({ messageId, receiptHandle, receiveCount }, index) =>
    begin({ messageId, receiptHandle, receiveCount, timingsMs: {} }, index),
  );
  const batch: Batch<Item> = {
    batchId: BATCH.batch_id,
    workflowId: `batches:2025-12-20:1`,
    queue,
    lease,
    folder: join(scratchPath, BATCH.batch_id),
    closed: new AbortController(),
    items,
    malformed: 0,
    startedAtMs: Date.now(),
  };
  store.add(batch);
  return {
    store,
    batch,
    items: items as [Item, ...Item[]],
    queue,
    log,
    journal,
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
    dispose: () => {
      lease.end();
      rmSync(scratchPath, { recursive: true, force: true });
    },
  };
}
