import { fullJitterMs } from '../platform/time/backoff.js';
import type { MessageQueue } from './message-queue.js';

/** A queue, and how often it is asked in proportion to the others while all have messages. */
export interface WeightedQueue {
  queue: MessageQueue;
  weight: number;
}

/** What to do next: ask a queue, and how long it may wait for a message; or ask none for a while. */
export type Turn = { source: WeightedQueue; waitSeconds: number } | { pauseMs: number };

/** What asking a queue brought. */
export type TurnResult = 'found' | 'empty' | 'failed';

export interface QueueTurns {
  next(): Turn;
  /** @returns milliseconds for which the queue is left alone */
  after(source: WeightedQueue, result: TurnResult): number;
}

/** The most is SQS's own: an empty queue costs three requests a minute. Without a wait one would be asked without a pause. */
const LONG_POLL_SECONDS = { least: 1, most: 20 };
/** While none of several queues has messages, each is waited at for so long in turn. */
const IDLE_POLL_SECONDS = 1;
/** An empty queue is not asked again before this while another one has messages. */
const LET_ALONE_MS = 500;
/** A receive's clock has moved a little before it counts whole seconds. */
const FRACTION_SECONDS = 0.5;

/** A queue that is away is soon back, or is so for minutes. */
const BACKOFF = { baseMs: 1_000, maxMs: 30_000 };

export interface QueueTurnsOptions {
  /** The longest that a poll may be open. @default 20, as SQS allows */
  longPollSeconds?: number;
  now?: () => number;
  random?: () => number;
}

interface State {
  source: WeightedQueue;
  /** Of smooth weighted round-robin: who has waited longest in proportion to its weight. */
  credit: number;
  notBeforeMs: number;
  failures: number;
  lastFound: boolean;
}

/**
 * Takes turns at queues by smooth weighted round-robin: with weights of 8, 3 and 1, of twelve messages from three full
 * queues eight, three and one are received, evenly mixed. One that is empty or away costs the others nothing.
 */
export function createQueueTurns(
  sources: readonly WeightedQueue[],
  { longPollSeconds: wanted = Infinity, now = () => performance.now(), random }: QueueTurnsOptions = {},
): QueueTurns {
  const longPollSeconds = Math.min(Math.max(wanted, LONG_POLL_SECONDS.least), LONG_POLL_SECONDS.most);
  const states: State[] = sources.map((source) => ({
    source,
    credit: 0,
    notBeforeMs: -Infinity,
    failures: 0,
    lastFound: false,
  }));

  const waitSeconds = (chosen: State): number => {
    if (states.length === 1) return longPollSeconds + FRACTION_SECONDS;
    // While another queue has messages, nobody waits at this one.
    const anotherHas = states.some((state) => state !== chosen && state.lastFound);
    return anotherHas ? 0 : IDLE_POLL_SECONDS + FRACTION_SECONDS;
  };

  return {
    next() {
      const at = now();
      const ready = states.filter(({ notBeforeMs }) => notBeforeMs <= at);
      if (ready.length === 0) {
        return { pauseMs: Math.min(...states.map(({ notBeforeMs }) => notBeforeMs)) - at };
      }
      for (const state of ready) state.credit += state.source.weight;
      const chosen = ready.reduce((best, state) => (state.credit > best.credit ? state : best));
      chosen.credit -= ready.reduce((sum, { source }) => sum + source.weight, 0);
      return { source: chosen.source, waitSeconds: waitSeconds(chosen) };
    },
    after(source, result) {
      const state = states.find((one) => one.source === source)!;
      state.lastFound = result === 'found';
      state.failures = result === 'failed' ? state.failures + 1 : 0;
      const anotherHas = states.some((one) => one !== state && one.lastFound);
      const pauseMs =
        result === 'failed'
          ? fullJitterMs(state.failures, BACKOFF, random)
          : result === 'empty' && anotherHas
            ? LET_ALONE_MS
            : 0;
      state.notBeforeMs = now() + pauseMs;
      return pauseMs;
    },
  };
}
