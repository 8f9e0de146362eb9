import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { StartedJob, Stored, WorkRef } from '../../activities/interviews/activity-types.js';
import { allOrCancel } from '../shared/all-or-cancel.js';
import { attemptFailureOf, TIMED_OUT, type AttemptFailure } from './attempt-failure.js';
import { chunkActivities, hostActivities } from './interview-activities.js';
import { enter, show, type JobRun } from './job-run.js';

/** Chunks of one job under way at once: more would have those of other jobs wait behind a film of hours. */
const CHUNKS_AT_ONCE = 8;

/** What became of an attempt. */
export type AttemptEnd = Stored | AttemptFailure;

/**
 * One attempt at a claimed job: the pass, the chunks, the result. It ends when its time is over, or when the process that
 * holds its place is lost or gives it back. What has been written by then stays, and an attempt at the same object under the same
 * claim does not do it again.
 */
export async function runAttempt(run: JobRun, started: StartedJob): Promise<AttemptEnd> {
  const host = hostActivities(started);
  const ref = { job_id: run.job_id, run_id: run.run_id };
  try {
    return await CancellationScope.withTimeout(started.timeout_seconds * 1000, () =>
      whileHeld(
        () => host.holdPlace(ref),
        () => analyse(run, started, { ...ref, etag: started.etag }),
      ),
    );
  } catch (error) {
    if (!isCancellation(error)) return attemptFailureOf(error);
    // Somebody has cancelled the job, rather than its time being over.
    if (CancellationScope.current().consideredCancelled) throw error;
    return { ...TIMED_OUT, again: 'later' };
  } finally {
    await CancellationScope.nonCancellable(() => host.finishJob(ref).catch(() => undefined));
  }
}

async function analyse(run: JobRun, started: StartedJob, work: WorkRef): Promise<Stored> {
  const { passMedia, indexMedia, hearMedia, storeResult } = hostActivities(started);
  const { chunked } = started;
  run.chunks = { total: 0, done: 0 };
  enter(run, 'analysing');
  if (chunked) {
    const { chunks, sounds } = await indexMedia(work);
    run.chunks.total = chunks;
    show(run);
    await allOrCancel(
      () => (sounds ? hearMedia(work) : Promise.resolve()),
      () => sampleChunks(run, started, work),
    );
  } else {
    const { chunks } = await passMedia(work);
    run.chunks = { total: chunks, done: chunks };
  }
  enter(run, 'storing');
  return storeResult({ ...work, chunked, chunks: run.chunks.total });
}

/** Has all chunks sampled, some at once. */
async function sampleChunks(run: JobRun, started: StartedJob, work: WorkRef): Promise<void> {
  const { sampleChunk } = chunkActivities(started);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < run.chunks.total) {
      const k = next;
      next += 1;
      await sampleChunk({ ...work, k });
      run.chunks.done += 1;
      show(run);
    }
  };
  await allOrCancel(...Array.from({ length: Math.min(CHUNKS_AT_ONCE, run.chunks.total) }, () => lane));
}

/** Works while something is held, and no longer; when one of the two fails, the other is brought to rest first. */
async function whileHeld<T>(hold: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let isDone = false;
  let letGo = (): void => undefined;
  const [, result] = await allOrCancel(
    async () => {
      // Made here, so that it ends with the work that fails.
      const holding = new CancellationScope();
      letGo = () => holding.cancel();
      try {
        await holding.run(hold);
      } catch (error) {
        if (!isCancellation(error) || !isDone) throw error;
      }
    },
    async () => {
      const made = await work();
      isDone = true;
      letGo();
      return made;
    },
  );
  return result;
}
