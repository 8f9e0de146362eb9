import { addCounts, noCounts } from '../../contract/counts.js';
import type { FailureCounts, OutcomeCounts, OutcomeRules, ReturnCounts } from '../../contract/outcome.js';
import type { Lease } from '../../queue/batch-lease.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import type { AcknowledgeReport, StageReport } from './activity-types.js';
import {
  RECEIPT_LOST,
  UNDECIDED,
  errorNameOf,
  outcomeOf,
  returnDelivery,
  type Delivery,
} from './delivery.js';

/** A batch that this process holds: its messages, and nowhere else so far what became of them. */
export interface Batch<Item extends Delivery = Delivery> {
  readonly batchId: string;
  readonly workflowId: string;
  readonly queue: MessageQueue;
  readonly lease: Lease;
  /** Where its files lie. */
  readonly folder: string;
  /** Aborted when the process lets go of the batch: nobody waits any more for work on it that goes on elsewhere. */
  readonly closed: AbortController;
  readonly items: Item[];
  malformed: number;
  /** The newest attempt at a stage; one that begins aborts the one before, which Temporal has given up. */
  attempt?: AbortController;
  /** Of the stages that one activity runs. */
  joined?: JoinedProgress;
  /** The last stage, while it settles: a second attempt joins the first, which has the receipts in its hands. */
  settling?: Promise<AcknowledgeReport>;
  readonly startedAtMs: number;
}

/** How far the stages have come that one activity runs. */
export interface JoinedProgress {
  /** The newest attempt's. */
  turn: symbol;
  /** By name, what each that has ended left to do. */
  readonly ended: Map<string, StageReport & { milliseconds: number }>;
}

export const isUndecided = ({ ending }: Pick<Delivery, 'ending'>): boolean => ending === undefined;

/**
 * Takes deliveries out of the batch whose receipts can no longer be extended: somebody else has them, or soon will, so
 * this process must not write about them.
 */
export function dropLost(batch: Batch): void {
  for (const item of batch.items) {
    if (!batch.lease.isLive(item.messageId)) returnDelivery(item, RECEIPT_LOST);
  }
}

/** Deliveries that go back, by reason; empty where none does. */
export function countReturns(batch: Batch): ReturnCounts {
  return batch.items.reduce<ReturnCounts>((sum, { ending }) => {
    if (ending?.kind === 'settled') return sum;
    return addCounts(sum, { [ending?.reason ?? UNDECIDED]: 1 });
  }, {});
}

/** Deliveries that are to be tried again, by the class of their error. */
export function countFailures(batch: Batch, rules: OutcomeRules): FailureCounts {
  return batch.items
    .filter((item) => rules[outcomeOf(item) ?? '']?.message === 'retry_later')
    .reduce<FailureCounts>((sum, item) => addCounts(sum, { [errorNameOf(item) ?? 'unknown']: 1 }), {});
}

/** Deliveries by outcome, with a 0 for what none has; malformed messages are none of the batch's items. */
export function countOutcomes<Outcome extends string>(
  batch: Batch<Delivery<unknown, Outcome>>,
  rules: OutcomeRules<Outcome>,
): OutcomeCounts<Outcome> {
  const malformed = { ...noCounts(Object.keys(rules) as Outcome[]), malformed: batch.malformed };
  return batch.items.reduce<OutcomeCounts<Outcome>>((sum, item) => {
    const outcome = outcomeOf(item);
    return outcome === undefined ? sum : addCounts(sum, { [outcome]: 1 } as OutcomeCounts<Outcome>);
  }, malformed);
}
