import type { ExtractedAudio } from '../../pipelines/recordings/audio/audio-engine.js';
import type { RecordingMessage } from '../../pipelines/recordings/contract/message.js';
import type { FailureCounts, ReturnCounts } from '../../contract/outcome.js';
import { addCounts } from '../../contract/counts.js';
import {
  noOutcomes,
  type Outcome,
  type RecordingOutcomes,
  type ReturnReason,
} from '../../pipelines/recordings/contract/outcome.js';
import type { Inference } from '../../pipelines/recordings/contract/result-document.js';
import type { RecordTrace } from '../../platform/tracing/record-tracing.js';
import type { AcknowledgeReport } from './activity-types.js';
import type { Lease } from '../../queue/batch-lease.js';
import type { MessageQueue } from '../../queue/message-queue.js';

/** One delivery on its way through the stages. */
export interface BatchItem {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly message: RecordingMessage;
  readonly resultDocumentId: string;
  /** The downloaded file; gone again once its features are known. */
  audioPath?: string;
  /** Under way, or done, since the file was there; forgotten when it failed. */
  extraction?: Promise<Extraction>;
  extracted?: ExtractedAudio;
  inference?: Inference;
  /** Of the shadow model: stored, and read by nobody here. */
  inferenceShadow?: Inference;
  /** Set once, by the stage that decided it. */
  outcome?: Outcome;
  /** With `failed_pre_inference`: "<error name>: <message>". */
  error?: string;
  /** No outcome: the message comes again. Set by {@link returnItem}. */
  returned?: boolean;
  returnReason?: ReturnReason;
  /** The delivery of the same recording that is worked on meanwhile; see `twins.ts`. */
  waitsFor?: BatchItem;
  /**
   * What became of the message at the end: `taken`, the queue has deleted or delayed it; `not_taken`, its receipt was
   * lost before the queue answered, so it comes again by itself. Unset while the last stage has yet to try.
   */
  acknowledged?: 'taken' | 'not_taken';
  processedAt?: Date;
  readonly timingsMs: Record<string, number>;
  /** The record's spans, where it is traced. */
  readonly trace?: RecordTrace | undefined;
}

/** Features, and when they were there. */
export interface Extraction {
  extracted: ExtractedAudio;
  endedAtMs: number;
}

/** A batch that this process holds: its messages, and nowhere else so far what became of them. */
export interface Batch {
  readonly batchId: string;
  readonly workflowId: string;
  readonly queue: MessageQueue;
  readonly lease: Lease;
  /** Where its audio lies. */
  readonly folder: string;
  /** Aborted when the process lets go of the batch: nobody waits any more for what it still has in the pool. */
  readonly closed: AbortController;
  readonly items: BatchItem[];
  /** Set once the features are in the log; see `FeatureLog`. */
  featuresLogged?: boolean;
  malformed: number;
  /** The newest attempt at a stage; one that begins aborts the one before, which Temporal has given up. */
  attempt?: AbortController;
  /** The last stage, while it settles: a second attempt joins the first, which has the receipts in its hands. */
  settling?: Promise<AcknowledgeReport>;
  readonly startedAtMs: number;
}

/** Items that no stage has decided on yet, less those that wait for a twin. */
export function undecided(batch: Batch): BatchItem[] {
  return batch.items.filter(
    (item) => item.outcome === undefined && item.returned !== true && item.waitsFor === undefined,
  );
}

/**
 * Takes items out of the batch whose receipts can no longer be extended: somebody else has them, or soon will, so
 * this process must not write about them.
 */
export function dropLost(batch: Batch): void {
  for (const item of batch.items) {
    if (!batch.lease.isLive(item.messageId)) returnItem(item, 'receipt_lost');
  }
}

/** Leaves an item without an outcome, whatever it had reached: its message goes back to the queue. */
export function returnItem(item: BatchItem, reason: ReturnReason): void {
  item.returned = true;
  item.returnReason ??= reason;
}

/** Items that go back, by reason; empty where none does. */
export function countReturns(batch: Batch): ReturnCounts {
  return batch.items
    .filter((item) => item.returned === true || item.outcome === undefined)
    .reduce((sum, item) => addCounts(sum, { [item.returnReason ?? 'undecided']: 1 }), {});
}

/** Failed items by the class of their error. */
export function countFailures(batch: Batch): FailureCounts {
  return batch.items
    .filter((item) => item.outcome === 'failed_pre_inference' && item.returned !== true)
    .reduce((sum, item) => addCounts(sum, { [errorTypeOf(item) ?? 'unknown']: 1 }), {});
}

/** The name of an item's error, which its text begins with. */
export function errorTypeOf({ error }: BatchItem): string | undefined {
  return error?.split(':', 1)[0];
}

export function countOutcomes(batch: Batch): RecordingOutcomes {
  const counts = { ...noOutcomes(), malformed: batch.malformed };
  return batch.items.reduce(
    (sum, item) =>
      item.outcome === undefined || item.returned === true
        ? sum
        : addCounts(sum, { ...noOutcomes(), [item.outcome]: 1 }),
    counts,
  );
}
