import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { InvalidInput } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import { FAILURES, type AcknowledgeReport } from '../activity-types.js';
import type { Batch } from './batch.js';
import { onScratch } from './on-scratch.js';

/**
 * The batches of this process. Messages live in memory only (they name children), audio in a scratch folder a batch;
 * both go with the batch, and with the process.
 */
export interface BatchStore {
  readonly size: number;
  /** Makes the scratch folder of a batch that is about to be received. */
  prepareFolder(batchId: string): Promise<string>;
  add(batch: Batch): void;
  has(batchId: string): boolean;
  /** @throws ApplicationFailure of type `BatchGone` when this process does not hold the batch (any more) */
  get(batchId: string): Batch;
  /** The report of a batch that was closed by `acknowledge`: what a retry of that step answers. */
  closedReport(batchId: string): AcknowledgeReport | undefined;
  close(batchId: string, report?: AcknowledgeReport): Promise<void>;
  /** Gives the messages of a batch back at once and forgets it. */
  giveBack(batchId: string): Promise<void>;
  giveBackAll(): Promise<void>;
  /** Called after every change of `size`. */
  onChange(listener: () => void): void;
}

/** Reports kept for retries of `acknowledge`; a retry follows within minutes, so a handful of batches would do. */
const CLOSED_REPORTS_KEPT = 200;
/** A batch id becomes a folder's name. */
const SAFE_BATCH_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

export function createBatchStore(options: { scratchPath: string; log: Logger }): BatchStore {
  const { scratchPath, log } = options;
  const batches = new Map<string, Batch>();
  const closed = new Map<string, AcknowledgeReport>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((listener) => listener());

  const folderOf = (batchId: string): string => {
    if (!SAFE_BATCH_ID.test(batchId)) {
      throw new InvalidInput(
        `batch_id is ${JSON.stringify(batchId)}; expected letters, digits, dots, underscores and hyphens, at most 200.`,
      );
    }
    return join(scratchPath, batchId);
  };

  const store: BatchStore = {
    get size() {
      return batches.size;
    },
    async prepareFolder(batchId) {
      const folder = folderOf(batchId);
      await onScratch(() => mkdir(folder, { recursive: true, mode: 0o700 }));
      return folder;
    },
    add(batch) {
      batches.set(batch.batchId, batch);
      changed();
    },
    has: (batchId) => batches.has(batchId),
    get(batchId) {
      const batch = batches.get(batchId);
      if (batch === undefined) throw batchGone(batchId);
      return batch;
    },
    closedReport: (batchId) => closed.get(batchId),
    async close(batchId, report) {
      const batch = batches.get(batchId);
      batch?.closed.abort();
      if (report !== undefined) {
        closed.set(batchId, report);
        const oldest = closed.keys().next();
        if (closed.size > CLOSED_REPORTS_KEPT && oldest.done !== true) closed.delete(oldest.value);
      }
      batch?.lease.end();
      // Ended already where the batch was acknowledged.
      for (const item of batch?.items ?? []) item.trace?.end('returned');
      batches.delete(batchId);
      changed();
      await rm(folderOf(batchId), { recursive: true, force: true });
    },
    async giveBack(batchId) {
      const batch = batches.get(batchId);
      if (batch === undefined) return;
      batches.delete(batchId);
      batch.closed.abort();
      for (const item of batch.items) item.trace?.end('returned');
      try {
        const { failed } = await batch.lease.giveBack();
        // They become visible by themselves when their visibility runs out.
        if (failed.length > 0) {
          log.warn('lease_release_failed', { batch_id: batchId, messages: failed.length });
        }
      } catch (error) {
        log.warn('lease_release_failed', { batch_id: batchId, error });
      } finally {
        await store.close(batchId);
      }
    },
    async giveBackAll() {
      await Promise.all([...batches.keys()].map((batchId) => store.giveBack(batchId)));
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
  return store;
}

export function batchGone(batchId: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `This process does not hold batch ${batchId}: it was restarted or the batch's lease ran out.`,
    FAILURES.batchGone,
  );
}
