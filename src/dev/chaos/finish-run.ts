import type { QueueDepth } from '../../queue/message-queue.js';
import type { DiscoveryKeeper } from './discovery-keeper.js';
import type { Injector } from './injector.js';
import type { ChaosNight } from './night.js';

export interface FinishOptions {
  night: Pick<ChaosNight, 'insertLateRows' | 'lateRowsLeft'>;
  keeper: DiscoveryKeeper;
  injector: Injector;
  depth: () => Promise<QueueDepth>;
  log: (line: string) => void;
  /** How long faults are planned for. */
  forSeconds: number;
}

const LOOK_EVERY_MS = 1000;
/** After the last fault: lost hosts are noticed within a minute, retries back off to half of one. */
const PATIENCE_SECONDS = 300;
/** Polls of the discovery that found nothing new, so that each row inserted before them was looked at. */
const QUIET_PAGES = 3;

/**
 * Keeps the discovery going until the faults are over and nothing is left to do, then ends it in good order.
 *
 * @returns false when it did not come to rest in time
 */
export async function finishRun(options: FinishOptions): Promise<boolean> {
  const { night, keeper, injector, depth, log } = options;
  const harness: { over: boolean; failure?: Error } = { over: false };
  injector.done.then(
    () => (harness.over = true),
    (error: unknown) => {
      harness.over = true;
      harness.failure = error instanceof Error ? error : new Error(String(error));
    },
  );
  const quiet = quietness(keeper, depth);
  const deadline = Date.now() + (options.forSeconds + PATIENCE_SECONDS) * 1000;
  let draining = false;

  while (Date.now() < deadline) {
    if (harness.failure !== undefined) throw harness.failure;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    try {
      if (draining) {
        if (!(await keeper.drain())) continue;
        if (isEmpty(await depth())) return true;
        // A run that was told to stop leaves the queue to the next.
        draining = false;
      }
      await keeper.keepRunning();
      const idle = await quiet();
      if (night.lateRowsLeft() > 0 && (idle || harness.over)) await night.insertLateRows(harness.over);
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
function quietness(keeper: DiscoveryKeeper, depth: () => Promise<QueueDepth>): () => Promise<boolean> {
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
