import { jobWorkflowId, type JobRef } from '../../pipelines/exports/contract/job-ref.js';
import type { TaskRuns } from './task-runs.js';

/** The pause between two signals to one job: short at first, and then so that a long job's history stays short. */
const PAUSE_MS = { first: 500, most: 30_000 };

interface Job {
  /** Files settled that the job was not told of. */
  untold: number;
  pauseMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** Tells jobs that files of theirs are settled. A job that never hears of it looks by itself every minute. */
export interface JobWaker {
  settled(job: JobRef, files: number): void;
  /** Tells what is left to tell, and forgets all jobs. */
  close(): Promise<void>;
}

/** One signal at once for a job's first file, and from then on one for all that are settled in growing pauses. */
export function createJobWaker(runs: Pick<TaskRuns, 'wake'>): JobWaker {
  const jobs = new Map<string, Job>();

  const tell = async (id: string, job: Job): Promise<void> => {
    const { untold } = job;
    job.untold = 0;
    // Lost is as good as told.
    await runs.wake(id, untold).catch(() => undefined);
  };
  const pause = (id: string, job: Job): void => {
    job.timer = setTimeout(() => {
      job.timer = undefined;
      if (job.untold === 0) {
        jobs.delete(id);
        return;
      }
      job.pauseMs = Math.min(job.pauseMs * 2, PAUSE_MS.most);
      void tell(id, job);
      pause(id, job);
    }, job.pauseMs);
    job.timer.unref();
  };

  return {
    settled: (ref, files) => {
      const id = jobWorkflowId(ref);
      const job: Job = jobs.get(id) ?? { untold: 0, pauseMs: PAUSE_MS.first, timer: undefined };
      job.untold += files;
      if (jobs.has(id)) return;
      jobs.set(id, job);
      void tell(id, job);
      pause(id, job);
    },
    close: async () => {
      const left = [...jobs].filter(([, { untold }]) => untold > 0);
      for (const { timer } of jobs.values()) clearTimeout(timer);
      jobs.clear();
      await Promise.all(left.map(([id, job]) => tell(id, job)));
    },
  };
}
