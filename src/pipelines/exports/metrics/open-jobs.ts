import type { BackgroundService } from '../../pipeline.js';

/** States of jobs that run. */
export const OPEN_STATES = ['running', 'paused'] as const;
export type OpenJobs = Readonly<Record<(typeof OPEN_STATES)[number], number>>;

/** As often as metrics are scraped; a count costs Temporal one question of each state. */
const LOOK_EVERY_MS = 15_000;
/** What nobody could confirm for so long is not told any more. */
const KNOWN_FOR_MS = 120_000;

/**
 * Knows how many jobs run, of the whole installation.
 *
 * @param count Temporal's
 */
export function createOpenJobs(
  count: (state: (typeof OPEN_STATES)[number]) => Promise<number>,
  now: () => number = () => performance.now(),
): BackgroundService & {
  /** Undefined while nobody can say. */
  current: () => OpenJobs | undefined;
} {
  let timer: NodeJS.Timeout | undefined;
  let known: { jobs: OpenJobs; atMs: number } | undefined;
  const look = (): void => {
    const counts = Promise.all(OPEN_STATES.map(count));
    counts.then(
      ([running = 0, paused = 0]) => (known = { jobs: { running, paused }, atMs: now() }),
      // Temporal is away: what was known holds for a while.
      () => undefined,
    );
  };
  return {
    current: () => (known !== undefined && now() - known.atMs <= KNOWN_FOR_MS ? known.jobs : undefined),
    start() {
      look();
      timer = setInterval(look, LOOK_EVERY_MS);
      timer.unref();
    },
    close: () => clearInterval(timer),
  };
}
