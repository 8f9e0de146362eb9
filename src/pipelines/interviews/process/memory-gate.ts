import type { MemoryUse } from '../../../platform/memory.js';
import type { BackgroundService, SlotGate } from '../../pipeline.js';
import type { InterviewsLogger } from '../log-events.js';

/** What a job takes at most, with the processes that work on it. */
export const JOB_BYTES = 300 * 1024 * 1024;
/** A job that has just been taken does not show in the memory yet. */
const STARTING_MS = 20_000;
const LOOK_EVERY_MS = 2_000;
/** So long without memory for a further job, a process is of little use. */
const UNREADY_AFTER_MS = 10 * 60_000;

/** How a process stands with its memory. */
export interface MemoryState {
  /** Share of the limit in use, from 0 to 1; undefined where it is not watched. */
  used: number | undefined;
  /** Whether no further job is taken for want of memory. */
  constrained: boolean;
  /** Jobs at once that there is memory for. */
  recommendedJobs: number | undefined;
}

export interface MemoryGate extends BackgroundService, SlotGate {
  state(): MemoryState;
  /** A job has been taken: what it will need counts from now on. */
  reserve(): void;
  /** @throws Error once there was no memory for a job for ten minutes */
  check(): Promise<void>;
}

export interface MemoryGateOptions {
  /** MEMORY_THRESHOLD_PERCENT; undefined watches nothing. */
  thresholdPercent: number | undefined;
  mostJobs: number;
  use: () => MemoryUse | undefined;
  /** Jobs that this process holds. */
  active: () => number;
  /** Replaces the processes of the pool, which gives back what they gathered. */
  recycle: () => void;
  log: Pick<InterviewsLogger, 'warn'>;
  now?: () => number;
}

/**
 * Lets a process take further jobs and chunks only while there is memory for them. One that holds no job and is short of memory
 * all the same has its processes replaced. It takes one of each in any case (`heldSlots`): what another program of the machine
 * holds is no reason to stand still.
 */
export function createMemoryGate({
  thresholdPercent,
  mostJobs,
  use,
  active,
  recycle,
  log,
  now = () => performance.now(),
}: MemoryGateOptions): MemoryGate {
  const listeners: (() => void)[] = [];
  let seen: MemoryUse | undefined;
  let starting: number[] = [];
  let constrainedSince: number | undefined;
  /** Its processes have done nothing since they were replaced. */
  let isFresh = false;
  let timer: NodeJS.Timeout | undefined;
  const share = (thresholdPercent ?? 100) / 100;

  const taken = (): number => {
    starting = starting.filter((since) => now() - since < STARTING_MS);
    return (seen?.anonymousBytes ?? 0) + starting.length * JOB_BYTES;
  };
  const isFull = (): boolean => seen !== undefined && taken() / seen.limitBytes >= share;

  const look = (): void => {
    seen = thresholdPercent === undefined ? undefined : use();
    if (isFull()) {
      if (constrainedSince === undefined) {
        constrainedSince = now();
        isFresh = false;
        log.warn('memory_constrained', { status: 'memory_constrained', ...percentOf(state()) });
      }
      if (active() > 0) isFresh = false;
      else if (!isFresh) {
        isFresh = true;
        recycle();
      }
    } else constrainedSince = undefined;
    listeners.forEach((listener) => listener());
  };

  const state = (): MemoryState => {
    if (seen === undefined) return { used: undefined, constrained: false, recommendedJobs: undefined };
    const room = Math.floor((seen.limitBytes * share - taken()) / JOB_BYTES);
    return {
      used: seen.anonymousBytes / seen.limitBytes,
      constrained: isFull(),
      recommendedJobs: Math.min(mostJobs, Math.max(1, active() + room)),
    };
  };

  return {
    state,
    isOpen: () => !isFull(),
    onChange: (listener) => {
      listeners.push(listener);
    },
    reserve() {
      starting.push(now());
    },
    check: () => {
      const isLong = constrainedSince !== undefined && now() - constrainedSince > UNREADY_AFTER_MS;
      return isLong
        ? Promise.reject(new Error('no memory for a further job for ten minutes'))
        : Promise.resolve();
    },
    start() {
      look();
      timer = setInterval(look, LOOK_EVERY_MS);
      timer.unref();
    },
    close: () => clearInterval(timer),
  };
}

function percentOf({ used, recommendedJobs }: MemoryState): Record<string, unknown> {
  return { used_percent: Math.round((used ?? 0) * 100), recommended_jobs: recommendedJobs };
}
