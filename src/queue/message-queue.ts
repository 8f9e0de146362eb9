import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueDepth } from '../contract/backlog.js';

/** One message to send; both ids matter on FIFO queues only. */
export interface OutgoingMessage {
  body: string;
  deduplicationId: string;
  /** Its group, unless the queue has one for all. @default its deduplication id: a group of its own */
  groupId?: string | undefined;
  /** Message attributes; the body alone is the data contract's. */
  attributes?: Readonly<Record<string, OutgoingAttribute>> | undefined;
}

/** Text, or an attribute as SQS gave it. */
export type OutgoingAttribute = string | MessageAttributeValue;

export interface SendReport {
  sent: number;
  /** What was still refused after the retries; empty means that everything is in SQS. */
  failed: SendFailure[];
}

export interface SendFailure {
  /** The message's place among those that were passed. */
  index: number;
  code: string;
  reason: string;
  /** The message itself is the cause (its length, its characters): sent again it would be refused again. */
  final: boolean;
}

export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** `ApproximateReceiveCount`: 1 on the first delivery. */
  receiveCount: number;
  /** Milliseconds since the epoch, or undefined where the queue does not say. */
  sentAtMs: number | undefined;
  /** The message's trace context, as anybody may have written it. */
  traceparent?: string | undefined;
  /** All of its attributes, as they were sent; undefined where it has none. */
  attributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
}

export interface ReceiveOptions {
  maxMessages: number;
  /** Give up waiting for more after this long; the messages that have arrived are returned. */
  maxWaitSeconds: number;
  visibilityTimeoutSeconds: number;
  /**
   * Once some messages have arrived, also stop when a poll of all of SQS's servers finds no more, instead of waiting
   * for late ones. @default false; true on FIFO queues, which give out nothing more of a group that is in flight
   */
  returnWhenEmpty?: boolean;
  /** An abort answers at once with what has arrived; what open polls still bring is given back. */
  signal?: AbortSignal | undefined;
  /** Called with each receive's messages as they arrive, before others are waited for (the lease starts here). */
  onArrival?: (messages: ReceivedMessage[]) => void;
}

/** What became of a call on several receipts: those missing from `lost` and `failed` went through. */
export interface ReceiptReport {
  /** The receipt has expired or the message is gone: no call with it can succeed any more. */
  lost: string[];
  /** Refused or unanswered after the retries; the receipt may still be good. */
  failed: string[];
}

/** One SQS queue. Errors are mapped to `DependencyUnavailable` or `InvalidInput` (no such queue, access denied). */
export interface MessageQueue {
  readonly url: string;
  readonly isFifo: boolean;
  /** In batches of ten within SQS's size limit; a batch's failed entries are sent again alone. */
  send(messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<SendReport>;
  /** Parallel long polls until `maxMessages` came or `maxWaitSeconds` passed. */
  receive(options: ReceiveOptions): Promise<ReceivedMessage[]>;
  /** Sets the visibility to end this many seconds from now; 0 gives the messages back at once. */
  changeVisibility(entries: readonly { receiptHandle: string; seconds: number }[]): Promise<ReceiptReport>;
  delete(receiptHandles: readonly string[]): Promise<ReceiptReport>;
  depth(): Promise<QueueDepth>;
  ping(): Promise<void>;
  /** Waits until nothing is under way any more, e.g. polls of an aborted receive: at most 30 s. */
  idle(): Promise<void>;
}
