import { LinkFailure } from './link-failure.js';

/** Aborts an attempt whose server sends next to nothing. The time in which nobody reads does not count. */
export interface StallWatch {
  readonly signal: AbortSignal;
  /** Somebody waits for bytes from now on. */
  waits(): void;
  /** Bytes came, and are worked on. */
  came(bytes: number): void;
  stop(): void;
}

/** A server that sends less than this within the time is taken for one that sends nothing: a drip would hold a place for hours. */
const LEAST_BYTES = 1024;
/** The time is measured in so many steps: one timer an attempt, however many chunks there are. */
const STEPS = 10;

export function startStallWatch(stallMs: number, signal: AbortSignal): StallWatch {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let waiting = true;
  let quietSteps = 0;
  let received = 0;
  const timer = setInterval(() => {
    if (received >= LEAST_BYTES) {
      received = 0;
      quietSteps = 0;
    } else if (waiting && ++quietSteps >= STEPS) {
      controller.abort(
        new LinkFailure('stall', `fewer than ${LEAST_BYTES} bytes came in ${stallMs / 1000} s`),
      );
    }
  }, stallMs / STEPS);
  return {
    signal: controller.signal,
    waits: () => {
      waiting = true;
    },
    came: (bytes) => {
      waiting = false;
      received += bytes;
    },
    stop: () => {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
