import type { QueueDepth } from '#vachan/contract/backlog.js';
import type { DiscoveryKeeper } from './discovery-keeper.js';
import type { Injector } from '../injector.js';
import type { ChaosRecordings } from './seed-recordings.js';
import { createPatience } from '../patience.js';

export interface FinishOptions {
  recordings: Pick<ChaosRecordings, 'insertLateRows' | 'lateRowsLeft'>;
  keeper: DiscoveryKeeper;
  injector: Injector;
  depth: () => Promise<QueueDepth>;
  /** Changes with everything that gets done; looked at once a second. */
  progress: () => Promise<string>;
  /** Rejects when the workers cannot work at all, e.g. because each of them ends while it starts. */
  hopeless: Promise<never>;
  log: (line: string) => void;
}

const LOOK_EVERY_MS = 1000;
/**
 * Without any progress after the last fault. Pauses add up at the worst: a lost host is noticed within a minute, failed
 * batches in a row and a failed page are both tried again after one at the latest.
 */
const PATIENCE_SECONDS = 240;
/** Polls of the discovery that found nothing new, so that each row inserted before them was looked at. */
const QUIET_PAGES = 3;

/**
 * Keeps the discovery going until the faults are over and nothing is left to do, then ends it in good order.
 *
 * @returns false when nothing got done any more although something was left
 */
export async function finishRun(options: FinishOptions): Promise<boolean> {
  const { recordings, keeper, injector, depth, log } = options;
  const harness: { over: boolean; failure?: Error } = { over: false };
  const fail = (error: unknown): void => {
    harness.failure = error instanceof Error ? error : new Error(String(error));
  };
  injector.done.then(() => (harness.over = true), fail);
  options.hopeless.catch(fail);
  const quiet = quietness(keeper, depth);
  const patience = createPatience(PATIENCE_SECONDS);
  let draining = false;

  while (!patience.isOver()) {
    if (harness.failure !== undefined) throw harness.failure;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    try {
      if (!harness.over) patience.restart();
      if (draining) {
        if (!(await keeper.drain())) continue;
        if (isEmpty(await depth())) return true;
        // A run that was told to stop leaves the queue to the next.
        draining = false;
      }
      await keeper.keepRunning();
      patience.saw(await options.progress());
      const idle = await quiet();
      if (recordings.lateRowsLeft() > 0 && (idle || harness.over))
        await recordings.insertLateRows(harness.over);
      else if (idle && !harness.over) {
        log('Nothing is left to do; further faults would hit nothing.');
        injector.stop();
      } else if (idle) draining = true;
    } catch {
      // A server is down; it is looked at again.
    }
  }
  return false;
}

/** Tells whether the queue is empty and the discovery has looked several times since without finding anything. */
export function quietness(keeper: DiscoveryKeeper, depth: () => Promise<QueueDepth>): () => Promise<boolean> {
  let since: { run: string; enqueued: number; pages: number } | undefined;
  return async () => {
    if (!isEmpty(await depth())) {
      since = undefined;
      return false;
    }
    const { started_at: run, discovery, source_exhausted: exhausted } = await keeper.status();
    const { enqueued, pages } = discovery;
    if (!exhausted || since?.run !== run || since.enqueued !== enqueued) {
      since = { run, enqueued, pages };
      return false;
    }
    if (pages - since.pages < QUIET_PAGES) return false;
    since = undefined;
    return true;
  };
}

const isEmpty = ({ visible, in_flight: inFlight, delayed }: QueueDepth): boolean =>
  visible + inFlight + delayed === 0;
