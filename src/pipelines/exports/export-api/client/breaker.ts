import {
  BrokenCircuitError,
  CircuitState,
  CountBreaker,
  circuitBreaker,
  handleType,
  type IBackoff,
} from 'cockatiel';
import { fullJitterMs } from '../../../../platform/time/backoff.js';
import { ApiUnavailable } from '../../errors.js';
import { ApiFault } from './api-faults.js';

export type BreakerState = 'closed' | 'open' | 'half_open';

/** Spares an API in trouble, and its callers the time limit of each call. */
export interface Breaker {
  readonly state: BreakerState;
  /** @throws ApiUnavailable at once while it is open, with the time until a call may probe */
  run<T>(call: () => Promise<T>): Promise<T>;
}

/** Open when half of the last 20 calls failed, of which there have been at least 5: a single bad answer is no trouble. */
const WINDOW = { size: 20, minimumNumberOfCalls: 5, threshold: 0.5 } as const;

/** Waits before a probe, doubled after each probe that fails; half of it is jitter, so that processes do not probe together. */
const PROBE_BASE_MS = 5_000;
const PROBE_MAX_MS = 60_000;

/**
 * @param name of the API, for messages
 * @param probe replaced in tests
 * @param onState told of every change
 */
export function createBreaker(
  name: string,
  probe: { baseMs: number; maxMs: number } = { baseMs: PROBE_BASE_MS, maxMs: PROBE_MAX_MS },
  onState: (state: BreakerState) => void = () => undefined,
): Breaker {
  let probeAtMs = 0;
  const backoff = (attempt: number): IBackoff<unknown> => {
    const bounds = { baseMs: probe.baseMs / 2, maxMs: probe.maxMs / 2 };
    const duration = Math.min(bounds.maxMs, bounds.baseMs * 2 ** attempt) + fullJitterMs(attempt, bounds);
    probeAtMs = performance.now() + duration;
    return { duration, next: () => backoff(attempt + 1) };
  };
  const policy = circuitBreaker(handleType(ApiFault), {
    breaker: new CountBreaker(WINDOW),
    halfOpenAfter: { next: () => backoff(0) },
  });
  policy.onStateChange((state) => onState(STATES[state]));
  return {
    get state() {
      return STATES[policy.state];
    },
    async run(call) {
      try {
        return await policy.execute(call);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        const leftMs = Math.max(0, probeAtMs - performance.now());
        throw new ApiUnavailable(
          `${name} has failed repeatedly; it is asked again in ${Math.ceil(leftMs / 1000)} s.`,
          leftMs,
        );
      }
    },
  };
}

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
};
