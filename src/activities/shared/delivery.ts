import type { RecordTrace } from '../../platform/tracing/record-tracing.js';

/** A stage has decided on it: it has its outcome. */
export interface Settled<Outcome extends string = string> {
  kind: 'settled';
  outcome: Outcome;
  /** Why, where it failed. */
  error?: DeliveryError;
  at?: Date;
}

/** It has none: its message goes back to the queue. */
export interface Returned {
  kind: 'returned';
  reason: string;
}

/** An error's class and what it says. */
export interface DeliveryError {
  name: string;
  message: string;
}

/** Of a message whose receipt ran out or was taken over while the batch was worked on. */
export const RECEIPT_LOST = 'receipt_lost';
/** Of one that no stage decided on, which no known path leads to. */
export const UNDECIDED = 'undecided';

/**
 * One delivery on its way through the stages.
 *
 * @typeParam Reached how far the stages have come with it: the pipeline's own union, by stage
 */
export interface Delivery<Reached = unknown, Outcome extends string = string> {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  reached: Reached;
  /** Undefined while it is worked on. */
  ending?: Settled<Outcome> | Returned;
  /**
   * What became of the message at the end: `taken`, the queue has deleted or delayed it; `not_taken`, its receipt was
   * lost before the queue answered, so it is redelivered. Unset while the last stage has yet to try.
   */
  acknowledged?: 'taken' | 'not_taken';
  readonly timingsMs: Record<string, number>;
  /** The record's spans, where it is traced. */
  readonly trace?: RecordTrace | undefined;
}

/** What every delivery has from the start; a pipeline adds what its message says. */
export type ArrivedDelivery = Pick<
  Delivery,
  'messageId' | 'receiptHandle' | 'receiveCount' | 'timingsMs' | 'trace'
>;

/** Gives a delivery its outcome; one that goes back stays without. */
export function settle<Outcome extends string>(
  delivery: Pick<Delivery<unknown, Outcome>, 'ending'>,
  outcome: NoInfer<Outcome>,
  more: Omit<Settled, 'kind' | 'outcome'> = {},
): void {
  if (delivery.ending?.kind === 'returned') return;
  delivery.ending = { kind: 'settled', outcome, ...more };
}

/**
 * Leaves a delivery without an outcome, whatever it had reached: its message goes back to the queue. The first reason
 * stays.
 */
export function returnDelivery(delivery: Pick<Delivery, 'ending'>, reason: string): void {
  if (delivery.ending?.kind !== 'returned') delivery.ending = { kind: 'returned', reason };
}

/** Its outcome; undefined where it has none, or goes back. */
export function outcomeOf<Outcome extends string>({
  ending,
}: Pick<Delivery<unknown, Outcome>, 'ending'>): Outcome | undefined {
  return ending?.kind === 'settled' ? ending.outcome : undefined;
}

/** The class of the error with which it failed. */
export function errorNameOf({ ending }: Pick<Delivery, 'ending'>): string | undefined {
  return ending?.kind === 'settled' ? ending.error?.name : undefined;
}
