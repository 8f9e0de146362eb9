import { setMaxListeners } from 'node:events';
import type { Logger } from '../platform/logging/logger.js';
import { startLease, type Lease } from './batch-lease.js';
import type { Clock } from './careful-clock.js';
import type { MessageQueue, ReceivedMessage } from './message-queue.js';

/** A message as its handler sees it. */
export interface ConsumedMessage<Message> {
  message: Message;
  received: ReceivedMessage;
  queueUrl: string;
  /** Aborts when the message may be with somebody else, or has been given back: what is done from now on is not ours. */
  signal: AbortSignal;
  /** Aborts when the message should be released as soon as that loses no work: by its age, or because the process ends. */
  yieldSignal: AbortSignal;
  /** Whether this process still owns the message, by the clock: asked before every write. */
  isLive: () => boolean;
  /** Until SQS ends this receive for good, whatever is asked for. */
  secondsLeft: () => number;
}

/** A message that this process holds. */
export interface Holding {
  readonly received: ReceivedMessage;
  readonly queue: MessageQueue;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  consumed<Message>(message: Message): ConsumedMessage<Message>;
  /** It has been received again: its newer receipt counts, and its 12 hours begin anew. */
  renew(received: ReceivedMessage): void;
  age(): { ageSeconds: number; secondsLeft: number };
  askToYield(why: string): void;
  /** Tells who works on it to stop, and makes it visible to others at once. */
  giveBack(): Promise<void>;
  /** Ends its lease. */
  end(): void;
}

export interface HoldingOptions {
  visibilityTimeoutSeconds: number;
  yieldAfterSeconds: number;
  clock: Clock;
  log: Logger;
  random?: () => number;
}

/** SQS ends a receive for good after so long. */
const MAX_HELD_MS = 12 * 3600 * 1000;

/** Holds a message that has just arrived. */
export function beginHolding(
  queue: MessageQueue,
  received: ReceivedMessage,
  { visibilityTimeoutSeconds, yieldAfterSeconds, clock, log, random }: HoldingOptions,
): Holding {
  const { messageId } = received;
  const lost = new AbortController();
  const yielding = new AbortController();
  for (const { signal } of [lost, yielding]) setMaxListeners(0, signal);
  const lose = (why: string): void =>
    lost.abort(new Error(`The message is no longer this process's: ${why}.`));
  const askToYield = (why: string): void => yielding.abort(new Error(why));

  const lease = startLease({
    queue,
    visibilityTimeoutSeconds,
    // One stage, from the arrival to the end.
    graceSeconds: 0,
    log,
    onLost: () => lose('its visibility ended'),
    clock,
    ...(random && { random }),
  });
  lease.enter();

  let receivedAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const renew = (again: ReceivedMessage): void => {
    lease.add([again]);
    receivedAtMs = clock();
    clearTimeout(timer);
    timer = setTimeout(() => askToYield('The receive is old.'), yieldAfterSeconds * 1000);
    timer.unref();
  };
  renew(received);
  const secondsLeft = (): number => Math.max(0, (receivedAtMs + MAX_HELD_MS - clock()) / 1000);

  return {
    received,
    queue,
    lease,
    signal: lost.signal,
    consumed: (message) => ({
      message,
      received,
      queueUrl: queue.url,
      signal: lost.signal,
      yieldSignal: yielding.signal,
      isLive: () => !lost.signal.aborted && lease.isLive(messageId),
      secondsLeft,
    }),
    age: () => ({
      ageSeconds: Math.max(0, (Date.now() - (received.sentAtMs ?? Date.now())) / 1000),
      secondsLeft: secondsLeft(),
    }),
    renew,
    askToYield,
    async giveBack() {
      lose('it was given back');
      await lease.giveBack();
    },
    end() {
      clearTimeout(timer);
      lease.end();
    },
  };
}
