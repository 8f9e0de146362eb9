import type { InterviewJobs } from './interview-jobs.js';
import type { JobWorkflows } from './job-workflows.js';
import type { LostJobs } from './lost-jobs.js';
import type { ObjectArrivals } from './object-arrived.js';

export interface SweepParts {
  lost: LostJobs;
  jobs: Pick<InterviewJobs, 'get'>;
  workflows: Pick<JobWorkflows, 'isRunning' | 'running' | 'start'>;
  arrivals: Pick<ObjectArrivals, 'renew'>;
}

/** What a sweep has set right. */
export interface SweptJobs {
  /** Jobs in process whose workflow is gone, which wait again. */
  released: number;
  /** Waiting jobs without a workflow that have one now. */
  started: number;
  /** Ended jobs whose object was replaced while it was read. */
  begun_anew: number;
}

/**
 * Finds jobs that have lost their workflow: it was terminated, or its start was lost with the process that had taken the job
 * on. Jobs whose workflow runs are left alone, however long they take.
 *
 * @throws DependencyUnavailable; the next sweep goes on with what is left
 */
export async function sweepJobs(
  { lost, jobs, workflows, arrivals }: SweepParts,
  signal?: AbortSignal,
): Promise<SweptJobs> {
  const swept: SweptJobs = { released: 0, started: 0, begun_anew: 0 };

  for await (const stuck of lost.stuck()) {
    signal?.throwIfAborted();
    if (await workflows.isRunning(stuck.job_id)) continue;
    if (await lost.release(stuck)) swept.released += 1;
  }

  // One list instead of a question for each job that waits for its object; a start asks the server itself.
  const running = await workflows.running();
  for await (const jobId of lost.waiting()) {
    signal?.throwIfAborted();
    if (running.has(jobId)) continue;
    await lost.clean(jobId);
    if ((await workflows.start(jobId)) === 'started') swept.started += 1;
  }

  for await (const jobId of lost.replaced()) {
    signal?.throwIfAborted();
    const job = await jobs.get(jobId);
    if (job !== undefined && (await arrivals.renew(job)) === 'begun_anew') swept.begun_anew += 1;
  }
  return swept;
}
