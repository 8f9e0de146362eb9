import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { readRecording } from '../../pipelines/recordings/contract/message.js';
import { resultDocumentId, type ResultIdBasis } from '../../pipelines/recordings/contract/identity.js';
import { WORKFLOW_TYPES } from '../../pipelines/recordings/contract/names.js';
import { batchInputSchema } from '../../contract/batch-input.js';
import type { Logger } from '../../platform/logging/logger.js';
import { startLease } from '../../queue/batch-lease.js';
import type { MessageQueue, ReceivedMessage } from '../../queue/message-queue.js';
import { readMessages } from '../../queue/read-messages.js';
import type { RecordTracing } from '../../platform/tracing/record-tracing.js';
import type { ReceiveActivities } from './activity-types.js';
import { checkedInput } from './checked-input.js';
import type { Batch, BatchItem } from './batch.js';
import { batchGone, type BatchStore } from './batch-store.js';
import { settleMalformed, type MalformedRules } from '../recordings/settle-malformed.js';

export interface ReceiveDependencies extends MalformedRules {
  store: BatchStore;
  queueFor: (queueUrl: string) => MessageQueue;
  hostTaskQueue: string;
  resultIdBasis: ResultIdBasis;
  visibilityTimeoutSeconds: number;
  maxBatchWaitSeconds: number;
  /** Told of messages as they arrive, for metrics. */
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
export function createReceiveActivity(deps: ReceiveDependencies): ReceiveActivities {
  const { store } = deps;
  return {
    async receiveBatch(raw, { batch_id }) {
      const input = checkedInput(batchInputSchema, raw, WORKFLOW_TYPES.inference);
      const { info, cancellationSignal } = Context.current();
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
      const batch: Batch = {
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
        // An abort answers with what is at hand, which nobody will work on here.
        cancellationSignal.throwIfAborted();
        throwIfGone();
        await takeIn(batch, received, deps, log);
        throwIfGone();
        log.info('message_buffered', { count: batch.items.length });
        if (received.length === 0) await store.closeThis(batch);
        else log.info('batch_dispatched', { received: received.length, malformed: batch.malformed });
        return {
          host_task_queue: deps.hostTaskQueue,
          received: received.length,
          malformed: batch.malformed,
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

/** A batch's recordings all listen to its end; Node would take eleven of them for a leak. */
function closedOnce(): AbortController {
  const closed = new AbortController();
  setMaxListeners(0, closed.signal);
  return closed;
}

async function takeIn(
  batch: Batch,
  received: readonly ReceivedMessage[],
  deps: Pick<ReceiveDependencies, 'resultIdBasis' | 'tracing' | keyof MalformedRules>,
  log: Logger,
): Promise<void> {
  const { resultIdBasis, tracing } = deps;
  const { items, ...unread } = readMessages(received, readRecording);
  for (const { received: delivery, message } of items) {
    batch.items.push({
      messageId: delivery.messageId,
      receiptHandle: delivery.receiptHandle,
      receiveCount: delivery.receiveCount,
      message,
      resultDocumentId: resultDocumentId(message, resultIdBasis),
      timingsMs: {},
      trace: tracing?.received({
        queueUrl: batch.queue.url,
        messageId: delivery.messageId,
        receiveCount: delivery.receiveCount,
        traceId: message.trace_id,
        batchId: batch.batchId,
        traceparent: delivery.traceparent,
      }),
    } satisfies BatchItem);
  }
  batch.malformed = await settleMalformed(batch, received, unread, deps, log);
}
