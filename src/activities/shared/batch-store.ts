import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { InvalidInput } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { AcknowledgeReport } from './activity-types.js';
import { FAILURES } from '../../contract/failures.js';
import type { Batch } from './batch.js';
import type { Delivery } from './delivery.js';
import { onScratch } from '../../platform/scratch/on-scratch.js';

/**
 * The batches of this process. Messages live in memory only (they may name people), files in a scratch folder a batch;
 * both go with the batch, and with the process.
 */
export interface BatchStore<Item extends Delivery = Delivery> {
  readonly size: number;
  /**
   * Makes a scratch folder for a batch that is about to be received: of a name of its own, since another attempt may
   * make one, too.
   */
  prepareFolder(batchId: string): Promise<string>;
  /** From now on the batch that its id stands for. */
  add(batch: Batch<Item>): void;
  has(batchId: string): boolean;
  /** Whether this very batch is held, rather than one that another attempt at its receipt has put in its place. */
  holds(batch: Batch<Item>): boolean;
  /** @throws ApplicationFailure of type `BatchGone` when this process does not hold the batch (any more) */
  get(batchId: string): Batch<Item>;
  /** The report of a batch that was closed by `acknowledge`: what a retry of that step answers. */
  closedReport(batchId: string): AcknowledgeReport | undefined;
  /** Lets go of the batch that the id stands for, without a word to its queue. */
  close(batchId: string, report?: AcknowledgeReport): Promise<void>;
  /** Gives the messages of the batch that the id stands for back at once and lets go of it. */
  giveBack(batchId: string): Promise<void>;
  giveBackAll(): Promise<void>;
  /** As {@link BatchStore.close}, of this very batch: one that has taken its place stays. */
  closeThis(batch: Batch<Item>, report?: AcknowledgeReport): Promise<void>;
  /** As {@link BatchStore.giveBack}, of this very batch, also if it is no longer held. */
  giveBackThis(batch: Batch<Item>): Promise<void>;
  /** Called after every change of `size`. */
  onChange(listener: () => void): void;
}

/** Reports kept for retries of `acknowledge`; a retry follows within minutes, so a handful of batches would do. */
const CLOSED_REPORTS_KEPT = 200;
/** A batch id becomes a folder's name. */
const SAFE_BATCH_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

export function createBatchStore<Item extends Delivery>(options: {
  scratchPath: string;
  log: Logger;
}): BatchStore<Item> {
  const { scratchPath, log } = options;
  const batches = new Map<string, Batch<Item>>();
  const closed = new Map<string, AcknowledgeReport>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((listener) => listener());

  const remember = (batchId: string, report: AcknowledgeReport): void => {
    closed.set(batchId, report);
    const oldest = closed.keys().next();
    if (closed.size > CLOSED_REPORTS_KEPT && oldest.done !== true) closed.delete(oldest.value);
  };

  /** One that another attempt has replaced is not in the map any more, and that attempt's is not its to remove. */
  const drop = (batch: Batch<Item>): void => {
    if (batches.get(batch.batchId) === batch) batches.delete(batch.batchId);
    batch.closed.abort();
    // Ended already where the batch was acknowledged.
    for (const item of batch.items) item.trace?.end('returned');
  };

  const sweep = async ({ batchId, folder }: Batch): Promise<void> => {
    try {
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      // It goes with the scratch folder of the process; what was decided about the batch stands.
      log.warn('scratch_sweep_failed', { batch_id: batchId, error });
    }
  };

  const store: BatchStore<Item> = {
    get size() {
      return batches.size;
    },
    async prepareFolder(batchId) {
      if (!SAFE_BATCH_ID.test(batchId)) {
        throw new InvalidInput(
          `batch_id is ${JSON.stringify(batchId)}; expected letters, digits, dots, underscores and hyphens, at most 200.`,
        );
      }
      return onScratch(async () => {
        // Whoever cleans up temporary folders may have taken it away while this process was idle.
        await mkdir(scratchPath, { recursive: true, mode: 0o700 });
        return mkdtemp(join(scratchPath, `${batchId}-`));
      });
    },
    add(batch) {
      batches.set(batch.batchId, batch);
      changed();
    },
    has: (batchId) => batches.has(batchId),
    holds: (batch) => batches.get(batch.batchId) === batch,
    get(batchId) {
      const batch = batches.get(batchId);
      if (batch === undefined) throw batchGone(batchId);
      return batch;
    },
    closedReport: (batchId) => closed.get(batchId),
    async close(batchId, report) {
      const batch = batches.get(batchId);
      if (batch !== undefined) await store.closeThis(batch, report);
      else if (report !== undefined) remember(batchId, report);
    },
    async giveBack(batchId) {
      const batch = batches.get(batchId);
      if (batch !== undefined) await store.giveBackThis(batch);
    },
    async giveBackAll() {
      await Promise.all([...batches.values()].map((batch) => store.giveBackThis(batch)));
    },
    async closeThis(batch, report) {
      if (report !== undefined) remember(batch.batchId, report);
      drop(batch);
      batch.lease.end();
      changed();
      await sweep(batch);
    },
    async giveBackThis(batch) {
      drop(batch);
      try {
        const { failed } = await batch.lease.giveBack();
        // They become visible by themselves when their visibility runs out.
        if (failed.length > 0) {
          log.warn('lease_release_failed', { batch_id: batch.batchId, messages: failed.length });
        }
      } catch (error) {
        log.warn('lease_release_failed', { batch_id: batch.batchId, error });
      } finally {
        await store.closeThis(batch);
      }
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
