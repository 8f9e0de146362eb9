import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';

/** A task that is out: sent, and not all of its files settled. */
export interface OutTask {
  /** Ordinals of its first and last file, which are neighbours. */
  first: number;
  last: number;
  sent_at: string;
  /** Times that it was sent again. */
  again: number;
  /** Since when every look has found it not running. */
  quiet_since?: string;
  /** Since when, besides, every look has found no message in its queue. */
  empty_since?: string;
}

/** Which tasks are out, as `dispatch.json` keeps it: it may be as large as a job's share of all workers. */
export interface DispatchState {
  version: 1;
  attempt: number;
  /** No file below it is open. */
  from: number;
  /** The next ordinal to send. */
  next: number;
  /** The listing page with that ordinal, by its first one. */
  page: number;
  tasks: OutTask[];
}

export async function readDispatch(
  objects: ExportState['objects'],
  { keys }: JobState,
  attempt: number,
  signal: AbortSignal,
): Promise<DispatchState> {
  const text = await objects.read(keys.dispatch, signal);
  const kept = text === undefined ? undefined : (JSON.parse(text) as DispatchState);
  return kept?.attempt === attempt ? kept : { version: 1, attempt, from: 0, next: 0, page: 0, tasks: [] };
}

export async function writeDispatch(
  objects: ExportState['objects'],
  { keys }: JobState,
  dispatch: DispatchState,
  signal: AbortSignal,
): Promise<void> {
  await objects.write(keys.dispatch, JSON.stringify(dispatch), signal);
}

/** Which files are settled: all below `from`, and some beyond. */
export interface Settled {
  from: number;
  beyond: ReadonlySet<number>;
  has(ordinal: number): boolean;
}

/** @param from no file below it is open */
export async function readSettled(job: JobState, from: number, signal: AbortSignal): Promise<Settled> {
  const beyond = new Set<number>();
  let lowest = from;
  for await (const ordinal of job.fragments.settled(from, signal)) {
    if (ordinal === lowest) lowest += 1;
    else beyond.add(ordinal);
  }
  return {
    from: lowest,
    beyond,
    has: (ordinal) => ordinal < lowest || beyond.has(ordinal),
  };
}

/** Ordinals of a task's files that are not settled. */
export function openFiles({ first, last }: Pick<OutTask, 'first' | 'last'>, settled: Settled): number[] {
  const open: number[] = [];
  for (let ordinal = Math.max(first, settled.from); ordinal <= last; ordinal++) {
    if (!settled.has(ordinal)) open.push(ordinal);
  }
  return open;
}
