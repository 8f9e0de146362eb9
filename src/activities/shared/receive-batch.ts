import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { batchInputSchema } from '../../contract/batch-input.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { RecordTracing } from '../../platform/tracing/record-tracing.js';
import { startLease } from '../../queue/batch-lease.js';
import type { MessageQueue, ReceivedMessage } from '../../queue/message-queue.js';
import { readMessages, type ReadMessage } from '../../queue/read-messages.js';
import type { ReceiveActivities } from './activity-types.js';
import type { Batch } from './batch.js';
import { batchGone, type BatchStore } from './batch-store.js';
import { checkedInput } from './checked-input.js';
import type { ArrivedDelivery, Delivery } from './delivery.js';
import { settleMalformed, type MalformedRules } from './settle-malformed.js';

/** What a pipeline makes of what arrives. */
export interface DeliveryReader<Message, Item extends Delivery> {
  read: ReadMessage<Message>;
  /** By what the record's spans are sampled, and found again. */
  traceIdOf: (message: Message) => string;
  /** Its life in a batch begins. */
  begin: (arrived: ArrivedDelivery, message: Message) => Item;
}

export interface ReceiveDependencies<Message, Item extends Delivery> extends MalformedRules {
  reader: DeliveryReader<Message, Item>;
  store: BatchStore<Item>;
  queueFor: (queueUrl: string) => MessageQueue;
  hostTaskQueue: string;
  /** Whether this process has activities that run several stages, and all of them. */
  joinsStages?: true;
  visibilityTimeoutSeconds: number;
  maxBatchWaitSeconds: number;
  /** Reported as messages arrive, for metrics. */
  onReceived?: (queue: MessageQueue, messages: readonly ReceivedMessage[]) => void;
  tracing?: RecordTracing | undefined;
  log: Logger;
}

/**
 * How long a batch is kept between two stages: longer than the schedule-to-start timeout of a stage, so that a slow
 * Temporal server does not cost a batch, and short enough that a dead workflow's messages come back soon.
 */
const LEASE_GRACE_SECONDS = 60;

/** Receives a batch into this process's store; its lease starts with the first message. */
export function createReceiveActivity<Message, Item extends Delivery>(
  deps: ReceiveDependencies<Message, Item>,
): ReceiveActivities {
  const { store } = deps;
  return {
    async receiveBatch(raw, { batch_id }) {
      const { info, cancellationSignal } = Context.current();
      const input = checkedInput(batchInputSchema, raw, info.workflowType ?? 'receiveBatch');
      const workflowId = info.workflowExecution?.workflowId ?? '';
      const log = deps.log.child({ workflow_id: workflowId, batch_id });
      const queue = deps.queueFor(input.queue_url);
      // An earlier attempt of this very step timed out here: what it received goes back first.
      await store.giveBack(batch_id);

      const folder = await store.prepareFolder(batch_id);
      const lease = startLease({
        queue,
        visibilityTimeoutSeconds: deps.visibilityTimeoutSeconds,
        graceSeconds: LEASE_GRACE_SECONDS,
        log,
        onExpired: () => store.closeThis(batch),
      });
      const batch: Batch<Item> = {
        batchId: batch_id,
        workflowId,
        queue,
        lease,
        folder,
        closed: closedOnce(),
        items: [],
        malformed: 0,
        startedAtMs: Date.now(),
      };
      store.add(batch);
      // Given back by a drain, or replaced by a later attempt's on this process.
      const throwIfGone = (): void => {
        if (!store.holds(batch)) throw batchGone(batch_id);
      };
      lease.enter();
      try {
        const received = await queue.receive({
          maxMessages: input.batch_size,
          maxWaitSeconds: deps.maxBatchWaitSeconds,
          visibilityTimeoutSeconds: deps.visibilityTimeoutSeconds,
          signal: AbortSignal.any([cancellationSignal, batch.closed.signal]),
          onArrival: (messages) => {
            lease.add(messages);
            deps.onReceived?.(queue, messages);
            log.info('messages_polled', { count: messages.length });
          },
        });
        // An abort answers with what has arrived, which nobody will work on here.
        cancellationSignal.throwIfAborted();
        throwIfGone();
        await addDeliveries(batch, received, deps, log);
        throwIfGone();
        log.info('message_buffered', { count: batch.items.length });
        if (received.length === 0) await store.closeThis(batch);
        else log.info('batch_dispatched', { received: received.length, malformed: batch.malformed });
        return {
          host_task_queue: deps.hostTaskQueue,
          received: received.length,
          malformed: batch.malformed,
          ...(deps.joinsStages && { joins_stages: true, joins_all: true }),
        };
      } catch (error) {
        await store.giveBackThis(batch);
        throw error;
      } finally {
        lease.leave();
      }
    },
  };
}

/** A batch's items all listen to its end; Node would take eleven of them for a leak. */
function closedOnce(): AbortController {
  const closed = new AbortController();
  setMaxListeners(0, closed.signal);
  return closed;
}

async function addDeliveries<Message, Item extends Delivery>(
  batch: Batch<Item>,
  received: readonly ReceivedMessage[],
  deps: Pick<ReceiveDependencies<Message, Item>, 'reader' | 'tracing' | keyof MalformedRules>,
  log: Logger,
): Promise<void> {
  const { reader, tracing } = deps;
  const { items, ...unread } = readMessages(received, reader.read);
  for (const { received: delivery, message } of items) {
    const { messageId, receiptHandle, receiveCount, traceparent } = delivery;
    const trace = tracing?.received({
      queueUrl: batch.queue.url,
      messageId,
      receiveCount,
      traceId: reader.traceIdOf(message),
      batchId: batch.batchId,
      traceparent,
    });
    batch.items.push(reader.begin({ messageId, receiptHandle, receiveCount, timingsMs: {}, trace }, message));
  }
  batch.malformed = await settleMalformed(batch, received, unread, deps, log);
}
