import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from '../recordings/arena.js';

/** One look at everything that must not grow. */
export interface Sample {
  at_seconds: number;
  worker_rss_mb: number;
  pool_rss_mb: number;
  file_handles: number;
  history_events: number;
  history_bytes: number;
  scratch_bytes: number;
  /** Messages that wait or are worked on. */
  queue_backlog: number;
  /** Rows of the source without a result. */
  mongo_backlog: number;
}

const BYTES_PER_MB = 1024 * 1024;
const KB_PER_MB = 1024;

/** Takes a sample; rejects while a server does not answer. */
export async function takeSample(
  arena: Arena,
  scratchPath: string,
  countUnscored: () => Promise<number>,
  atSeconds: number,
): Promise<Sample> {
  const workers = arena.fleet.workers();
  const pids = workers.map(({ pid }) => pid);
  const pool = workers.flatMap((worker) => worker.poolMembers());
  const { visible, in_flight: inFlight, delayed } = await arena.depth();
  const { events, bytes } = await arena.keeper.history();
  return {
    at_seconds: Math.round(atSeconds),
    worker_rss_mb: sum(pids.map(rssMb)),
    pool_rss_mb: sum(pool.map(rssMb)),
    file_handles: sum([...pids, ...pool].map(openHandles)),
    history_events: events,
    history_bytes: bytes,
    scratch_bytes: bytesUnder(scratchPath),
    queue_backlog: visible + inFlight + delayed,
    mongo_backlog: await countUnscored(),
  };
}

const sum = (values: readonly number[]): number =>
  Math.round(values.reduce((total, value) => total + value, 0) * 10) / 10;

/** 0 for a process that has just ended. */
function rssMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / KB_PER_MB;
  } catch {
    return 0;
  }
}

function openHandles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function bytesUnder(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((total, { parentPath, name }) => total + sizeOf(join(parentPath, name)), 0);
  } catch {
    return 0;
  }
}

/** A recording may be removed between the listing and the look. */
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What each series may grow by over the watched time and still count as flat. */
export const FLAT_BOUNDS = {
  // Heaps grow in steps until a collection; a leak of one message a record would show as far more.
  worker_rss_mb: { share: 0.1, amount: 40 },
  pool_rss_mb: { share: 0.1, amount: 40 },
  // Two workers' idle connections come and go.
  file_handles: { share: 0.1, amount: 20 },
  // Between two continue-as-new.
  history_events: { share: 0.25, amount: 500 },
  history_bytes: { share: 0.25, amount: 100_000 },
  scratch_bytes: { share: 0.25, amount: BYTES_PER_MB },
  queue_backlog: { share: 0.25, amount: 100 },
  mongo_backlog: { share: 0.25, amount: 100 },
} as const satisfies Partial<Record<keyof Sample, { share: number; amount: number }>>;

export type Series = keyof typeof FLAT_BOUNDS;
export const SERIES = Object.keys(FLAT_BOUNDS) as Series[];
