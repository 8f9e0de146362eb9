import { ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { doneOrAborted } from '../platform/time/abort.js';
import { wait } from '../platform/time/wait.js';
import { backoffMs } from './backoff.js';
import { MAX_ENTRIES_PER_CALL } from './entry-batches.js';
import type { ReceivedMessage, ReceiveOptions, ReceiptReport } from './message-queue.js';
import { callSqs, type SqsSender } from './sqs-calls.js';
import { vendorCode } from './sqs-errors.js';

/** SQS's own bound for a long poll. */
const MAX_POLL_SECONDS = 20;

/** A long poll asks all of SQS's servers, however short it is; so one that finds nothing means an empty queue. */
const CONFIRMING_POLL_SECONDS = 1;

/** What SQS may take beyond the wait it was asked for. */
const ANSWER_MARGIN_MS = 10_000;

/** Ten polls at once bring a batch of 100 in one round trip. */
const MAX_PARALLEL_POLLS = 10;

export interface ReceiveContext {
  client: SqsSender;
  url: string;
  isFifo: boolean;
  giveBack: (entries: { receiptHandle: string; seconds: number }[]) => Promise<ReceiptReport>;
  /** What outlives a receive that was aborted is put here until it is done. */
  background: Set<Promise<unknown>>;
}

/**
 * Receives until `maxMessages` came or `maxWaitSeconds` passed; the wait for messages that are not there is kept in
 * whole seconds, as SQS counts.
 *
 * One poll scouts; once it finds messages, others join it in parallel (not on FIFO queues, whose groups are locked by
 * one receive anyway), so that an empty queue costs one request per 20 s and a full one two round trips. An abort
 * answers with what has arrived; open polls are left to end, because SQS would keep what a cut one was about to
 * bring invisible, and what they bring is given back at once.
 */
export async function receiveMessages(
  context: ReceiveContext,
  options: ReceiveOptions,
): Promise<ReceivedMessage[]> {
  const session = new ReceiveSession(context, options);
  return await session.run();
}

class ReceiveSession {
  readonly #context: ReceiveContext;
  readonly #options: ReceiveOptions;
  readonly #deadlineMs: number;
  readonly #returnWhenEmpty: boolean;
  readonly #byId = new Map<string, ReceivedMessage>();
  /** Messages that open polls may still bring; held plus reserved never exceeds `maxMessages`. */
  #reserved = 0;
  #ended = false;
  #failure: Error | undefined;

  constructor(context: ReceiveContext, options: ReceiveOptions) {
    this.#context = context;
    this.#options = options;
    this.#returnWhenEmpty = options.returnWhenEmpty ?? context.isFifo;
    this.#deadlineMs = performance.now() + options.maxWaitSeconds * 1000;
  }

  async run(): Promise<ReceivedMessage[]> {
    const { signal } = this.#options;
    if (signal?.aborted === true) return [];
    const polling = this.#pollUntilDone();
    this.#track(polling);
    await doneOrAborted(polling, signal);
    this.#ended = true;
    // Messages that have arrived are worth more than the news that a later poll failed: the next receive will meet it
    // again.
    if (this.#failure !== undefined && this.#byId.size === 0) throw this.#failure;
    return [...this.#byId.values()];
  }

  async #pollUntilDone(): Promise<void> {
    await this.#poller('scout');
    if (this.#context.isFifo) return;
    const missing = this.#options.maxMessages - this.#byId.size;
    const pollers = Math.min(MAX_PARALLEL_POLLS, Math.ceil(missing / MAX_ENTRIES_PER_CALL));
    await Promise.all(Array.from({ length: pollers }, () => this.#poller('worker')));
  }

  /** Polls until nothing is wanted any more; a scout on a standard queue stops at its first find. */
  async #poller(role: 'scout' | 'worker'): Promise<void> {
    for (let emptyInARow = 0, first = true; ; first = false) {
      const wanted = Math.min(
        MAX_ENTRIES_PER_CALL,
        this.#options.maxMessages - this.#byId.size - this.#reserved,
      );
      const remainingMs = this.#deadlineMs - performance.now();
      const remainingSeconds = Math.floor(remainingMs / 1000);
      // Within the last second only short polls fit; they go on as long as each brings something.
      const stillFlowing = remainingMs > 0 && emptyInARow === 0;
      const mayPoll = remainingSeconds >= 1 || stillFlowing || (role === 'scout' && first);
      if (this.#ended || wanted <= 0 || !mayPoll) return;
      const waitSeconds = this.#pollSeconds(Math.max(0, remainingSeconds));
      const startedMs = performance.now();
      this.#reserved += wanted;
      const found = await this.#poll(wanted, waitSeconds);
      this.#reserved -= wanted;
      if (found === undefined) return;
      await this.#take(found);
      if (found.length > 0) {
        emptyInARow = 0;
        if (role === 'scout' && !this.#context.isFifo) return;
        continue;
      }
      if (this.#returnWhenEmpty && this.#byId.size > 0) this.#ended = true;
      // At its cap of messages in flight SQS answers at once and empty: asking again without a pause would spin.
      emptyInARow += 1;
      const early = performance.now() - startedMs < (waitSeconds * 1000) / 2;
      if (early && !this.#ended) await this.#pauseAfterEmpty(emptyInARow);
    }
  }

  #pollSeconds(remainingSeconds: number): number {
    const draining = this.#returnWhenEmpty && this.#byId.size > 0;
    return Math.min(remainingSeconds, draining ? CONFIRMING_POLL_SECONDS : MAX_POLL_SECONDS);
  }

  /** One ReceiveMessage; undefined when it failed and polling must end. */
  async #poll(wanted: number, waitSeconds: number): Promise<Message[] | undefined> {
    const { client, url } = this.#context;
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: wanted,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: this.#options.visibilityTimeoutSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      MessageAttributeNames: ['All'],
    });
    try {
      const timeoutMs = waitSeconds * 1000 + ANSWER_MARGIN_MS;
      const answer = await callSqs('ReceiveMessage', url, (call) => client.send(command, call), {
        timeoutMs,
      });
      return answer.Messages ?? [];
    } catch (error) {
      if (vendorCode((error as Error).cause).endsWith('OverLimit')) return [];
      this.#failure ??= error as Error;
      this.#ended = true;
      return undefined;
    }
  }

  async #take(found: readonly Message[]): Promise<void> {
    const messages = found.map(toReceivedMessage).filter((message) => message !== undefined);
    if (messages.length === 0) return;
    if (this.#options.signal?.aborted === true) {
      await this.#context.giveBack(messages.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 })));
      return;
    }
    // The same message may come twice while we wait; only its newest receipt can extend and delete.
    for (const message of messages) this.#byId.set(message.messageId, message);
    this.#options.onArrival?.(messages);
  }

  async #pauseAfterEmpty(emptyInARow: number): Promise<void> {
    const remainingMs = this.#deadlineMs - performance.now();
    await wait(Math.max(0, Math.min(remainingMs, backoffMs(emptyInARow + 1)))).catch(() => undefined);
  }

  #track(polling: Promise<void>): void {
    const { background } = this.#context;
    // A failed give-back is no news: the messages come back when their visibility runs out.
    const tracked = polling.catch(() => undefined).finally(() => background.delete(tracked));
    background.add(tracked);
  }
}

function toReceivedMessage(message: Message): ReceivedMessage | undefined {
  const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body, Attributes: attributes } = message;
  if (messageId === undefined || receiptHandle === undefined) return undefined;
  const sentAtMs = Number(attributes?.SentTimestamp);
  return {
    messageId,
    receiptHandle,
    body: body ?? '',
    receiveCount: Number(attributes?.ApproximateReceiveCount ?? 1),
    sentAtMs: Number.isFinite(sentAtMs) && sentAtMs > 0 ? sentAtMs : undefined,
    traceparent: message.MessageAttributes?.['traceparent']?.StringValue,
    ...(message.MessageAttributes && { attributes: message.MessageAttributes }),
  };
}
