import type { BackgroundService } from '../../pipeline.js';
import type { JobCounts } from '../jobs/interview-jobs.js';

/** What scaling looks at changes by the minute; a count reads an index of all jobs. */
const LOOK_EVERY_MS = 60_000;
/** What nobody could confirm for so long is not told any more. */
const KNOWN_FOR_MS = 300_000;

/** Knows how many jobs of the whole installation are in which state. @param count the database's */
export function createCountedJobs(
  count: () => Promise<JobCounts>,
  now: () => number = () => performance.now(),
): BackgroundService & {
  /** Undefined while nobody can say. */
  current: () => JobCounts | undefined;
} {
  let timer: NodeJS.Timeout | undefined;
  let known: { jobs: JobCounts; atMs: number } | undefined;
  const look = (): void => {
    count().then(
      (jobs) => (known = { jobs, atMs: now() }),
      // The database is away: what was known holds for a while.
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
