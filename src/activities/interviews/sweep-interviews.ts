import { Context } from '@temporalio/activity';
import { ensureInterviewRuns } from '../../pipelines/interviews/events/tell-interview.js';
import { interviewDigest } from '../../pipelines/interviews/interview-digest.js';
import { InvalidJob } from '../../pipelines/interviews/jobs/job-errors.js';
import { createJobWorkflows } from '../../pipelines/interviews/jobs/job-workflows.js';
import { createLostJobs } from '../../pipelines/interviews/jobs/lost-jobs.js';
import { createObjectArrivals } from '../../pipelines/interviews/jobs/object-arrived.js';
import { createObjectJobs } from '../../pipelines/interviews/jobs/object-jobs.js';
import { sweepJobs } from '../../pipelines/interviews/jobs/sweep-jobs.js';
import type { ActivityParts } from '../../pipelines/interviews/process/parts.js';
import { atActivityBoundary } from '../shared/activity-boundary.js';
import type { SweepActivities } from './sweep-activity-types.js';

/** What was written at the very moment of an erasure shows within seconds. */
const ERASED_SINCE_MS = 24 * 3_600_000;

/** Sets right what fell between two steps. */
export function createSweepActivities(parts: ActivityParts): SweepActivities {
  const { config, dependencies, temporal, log } = parts;
  const { queue, jobs, objects } = dependencies;
  const workflows = createJobWorkflows(temporal);
  const arrivals = createObjectArrivals({ jobs, objectJobs: createObjectJobs(queue), workflows, objects });
  const lost = createLostJobs(queue, config.INTERVIEW_STUCK_AFTER);
  return atActivityBoundary<SweepActivities>(
    {
      async sweepInterviews() {
        const signal = Context.current().cancellationSignal;
        const swept = {
          ...(await sweepJobs({ lost, jobs, workflows, arrivals }, signal)),
          told: await tellUntold(parts, signal),
          removed: await removeOld(parts),
        };
        if (Object.values(swept).some((count) => count > 0)) log.info('interview_jobs_swept', swept);
        return swept;
      },
    },
    log,
  );
}

/** Interviews that ended, and whose workflow may be gone: one that runs is not disturbed. */
async function tellUntold(
  { config, dependencies, temporal }: ActivityParts,
  signal: AbortSignal,
): Promise<number> {
  let told = 0;
  for (const job_id of await dependencies.events.untold()) {
    signal.throwIfAborted();
    const job = await dependencies.jobs.get(job_id).catch((error: unknown) => {
      if (error instanceof InvalidJob) return undefined;
      throw error;
    });
    if (job === undefined) continue;
    const digest = interviewDigest(job.interview_id, config.INTERVIEW_ID_KEY);
    await ensureInterviewRuns(temporal(), { digest, job_id });
    told += 1;
  }
  return told;
}

/** Results past their retention, and what a job wrote while its interview was erased. */
async function removeOld({ dependencies }: ActivityParts): Promise<number> {
  const { results, parts, erased } = dependencies;
  const now = new Date();
  const digests = await erased.erasedSince(new Date(now.getTime() - ERASED_SINCE_MS));
  const expired = await results.removeExpired(now);
  if (digests.length === 0) return expired;
  const [ofResults, ofParts] = [await results.removeErased(digests), await parts.removeErased(digests)];
  return expired + ofResults + ofParts;
}
