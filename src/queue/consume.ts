import { EventEmitter, once } from 'node:events';
import type { Logger } from '../platform/logging/logger.js';
import { wait } from '../platform/time/wait.js';
import { within } from '../platform/time/within.js';
import { carefulClock, type Clock } from './careful-clock.js';
import { beginHolding, type ConsumedMessage, type Holding } from './consumed-message.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import type { MessageQueue, ReceivedMessage } from './message-queue.js';
import { createQueueTurns, type WeightedQueue } from './queue-turns.js';
import { readMessages, type ReadMessage } from './read-messages.js';
import { retryDelaySeconds } from './retry-delay.js';
import { settleMessage, type Settlement } from './settle-message.js';

export interface ConsumeOptions<Message> {
  /** Where several have messages, each is asked in proportion to its weight. */
  queues: readonly WeightedQueue[];
  /** Messages handled at once; one is received only when there is a place for it. */
  places: number;
  visibilityTimeoutSeconds: number;
  /** SQS ends a receive after 12 hours, whatever is asked for: handlers are told to yield well before. */
  yieldAfterSeconds: number;
  /** Messages that cannot be read go to the dead-letter queue, with the reason. */
  read: ReadMessage<Message>;
  /** How long stopping may take: polls that are open are let end, since a cut one may take a message with it. */
  shutdownGraceSeconds: number;
  /** Works on a message until it may be settled; a failure lets it be redelivered after a delay that grows. */
  handle: (consumed: ConsumedMessage<Message>) => Promise<Settlement>;
  findDeadLetters: (queueUrl: string) => Promise<Pick<DeadLetterQueue, 'queue'> | undefined>;
  /** Told of every message that arrives, for metrics. */
  onReceived?: (queueUrl: string, message: ReceivedMessage) => void;
  /** Told of every delivery that ends here, for metrics. */
  onEnded?: (queueUrl: string, outcome: string, seconds: number) => void;
  log: Logger;
  clock?: Clock;
  random?: () => number;
}

/** How old a message is that this process holds, and how long it may go on holding it. */
export interface HeldAge {
  /** Since it was sent. */
  ageSeconds: number;
  /** Until SQS ends the receive for good. */
  secondsLeft: number;
}

/** Takes single messages from queues: a service of the process, and work that it holds. */
export interface Consumer {
  /** Messages that this process holds. */
  readonly size: number;
  onChange(listener: () => void): void;
  ages(): HeldAge[];
  start(): void;
  /** Receives nothing more, and tells those who work on a message to yield it. */
  drain(): void;
  /** Makes all that is held visible to others at once; who works on it is told by its signal. */
  giveBackAll(): Promise<void>;
  /** Ends what `drain` began: waits a moment for what is being handled, and gives the rest back. */
  close(): Promise<void>;
}

/** What is not handled by then is given back, and done again by whoever gets it. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * Receives messages one by one, each for a free place, and keeps a lease on each from its arrival until it is settled:
 * deleted, released to come again, or moved to the dead-letter queue. A message that arrives twice is worked on once,
 * under its newer receipt.
 */
export function createConsumer<Message>(options: ConsumeOptions<Message>): Consumer {
  const { queues, places, visibilityTimeoutSeconds, log, random, clock = carefulClock() } = options;
  const turns = createQueueTurns(queues, {
    longPollSeconds: options.shutdownGraceSeconds,
    ...(random && { random }),
  });
  const changes = new EventEmitter().setMaxListeners(0);
  const stop = new AbortController();
  const holdings = new Map<string, Holding>();
  const handling = new Map<Holding, Promise<void>>();
  let receiving = Promise.resolve();

  function arrive(queue: MessageQueue, received: ReceivedMessage): void {
    options.onReceived?.(queue.url, received);
    const known = holdings.get(received.messageId);
    if (known === undefined) hold(queue, received);
    else if (!known.signal.aborted) known.renew(received);
    // What is done under the receipt that was lost ends first; the newer one runs on meanwhile.
    else void handling.get(known)?.then(() => hold(queue, received));
  }

  function hold(queue: MessageQueue, received: ReceivedMessage): void {
    const holding = beginHolding(queue, received, { ...options, clock });
    holdings.set(received.messageId, holding);
    if (stop.signal.aborted) holding.askToYield(STOPPING);
    const done = work(holding).finally(() => {
      holding.end();
      handling.delete(holding);
      holdings.delete(received.messageId);
      changes.emit('change');
    });
    handling.set(holding, done);
    changes.emit('change');
  }

  /** Never throws. */
  async function work(holding: Holding): Promise<void> {
    const startedMs = performance.now();
    let outcome = 'failed';
    try {
      outcome = await settleMessage(holding, await decide(holding), options);
    } catch (error) {
      log.error('unexpected_error', { message_id: holding.received.messageId, error });
    }
    options.onEnded?.(holding.queue.url, outcome, (performance.now() - startedMs) / 1000);
  }

  async function decide(holding: Holding): Promise<Settlement> {
    const { received, signal } = holding;
    const { messageId: message_id, receiveCount: receive_count } = received;
    const { items, malformed, notices } = readMessages([received], options.read);
    for (const { notice } of notices) {
      log.info('message_ignored', { message_id, notice });
      return { message: 'delete', outcome: 'ignored' };
    }
    for (const { reason } of malformed) return { message: 'dead-letter', reason, outcome: 'malformed' };
    try {
      return await options.handle(holding.consumed(items[0]!.message));
    } catch (error) {
      if (!signal.aborted) log.warn('message_failed', { message_id, receive_count, error });
      const delaySeconds = retryDelaySeconds(receive_count, {}, random);
      return { message: 'release', delaySeconds, outcome: 'failed' };
    }
  }

  async function receiveUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      if (holdings.size >= places) {
        await once(changes, 'change', { signal: stop.signal });
        continue;
      }
      const turn = turns.next();
      if ('pauseMs' in turn) await wait(turn.pauseMs, stop.signal);
      else await receiveOne(turn.source, turn.waitSeconds);
    }
  }

  async function receiveOne(source: WeightedQueue, maxWaitSeconds: number): Promise<void> {
    const { queue } = source;
    try {
      const messages = await queue.receive({
        maxMessages: 1,
        maxWaitSeconds,
        visibilityTimeoutSeconds,
        signal: stop.signal,
        onArrival: (arrived) => arrived.forEach((message) => arrive(queue, message)),
      });
      turns.after(source, messages.length > 0 ? 'found' : 'empty');
    } catch (error) {
      const pauseMs = turns.after(source, 'failed');
      log.warn('dependency_unavailable', { error, next_try_ms: Math.round(pauseMs) });
    }
  }

  function drain(): void {
    stop.abort(new Error(STOPPING));
    for (const holding of holdings.values()) holding.askToYield(STOPPING);
  }

  async function giveBackAll(): Promise<void> {
    await Promise.all([...holdings.values()].map((holding) => holding.giveBack()));
  }

  return {
    get size() {
      return holdings.size;
    },
    onChange: (listener) => void changes.on('change', listener),
    ages: () => [...holdings.values()].map((holding) => holding.age()),
    start() {
      receiving = receiveUntilStopped().catch((error: unknown) => {
        if (!stop.signal.aborted) log.error('unexpected_error', { error, while: 'receiving' });
      });
    },
    drain,
    giveBackAll,
    async close() {
      drain();
      await receiving;
      await within(CLOSE_WITHIN_MS, Promise.all(handling.values()), () => undefined);
      await giveBackAll();
      await Promise.all(handling.values());
      await Promise.all(queues.map(({ queue }) => queue.idle()));
    },
  };
}

const STOPPING = 'This process is stopping.';
