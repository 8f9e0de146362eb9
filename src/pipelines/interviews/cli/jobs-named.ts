import { InvalidInput } from '../../../platform/errors.js';
import { preview } from '../../../platform/text/printable.js';
import type { InterviewJob } from '../contract/job.js';
import { jobIdSchema } from '../contract/workflow-inputs.js';
import type { InterviewsAccess } from './open-interviews.js';

/** What an argument of a command names: all jobs of an interview, or one by its id. */
export interface NamedJobs {
  interviewId: string;
  jobs: InterviewJob[];
}

/**
 * As `jobsNamed`, and an interview whose jobs the upstream application has removed is known by its results.
 *
 * @throws InvalidInput where nothing has the name
 */
export async function interviewNamed(
  access: Pick<InterviewsAccess, 'jobs' | 'results'>,
  name: string,
): Promise<NamedJobs> {
  try {
    return await jobsNamed(access, name);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const results = await access.results.ofInterview(name);
    if (results.length === 0) throw error;
    return { interviewId: name, jobs: [] };
  }
}

/** @throws InvalidInput where nothing has the name */
export async function jobsNamed({ jobs }: Pick<InterviewsAccess, 'jobs'>, name: string): Promise<NamedJobs> {
  const all = await jobs.ofInterview(name);
  if (all.length > 0) return { interviewId: name, jobs: all };
  // Ids of a job's workflow name it as well.
  const jobId = jobIdSchema.safeParse(name.replace(/^interview-job:/, ''));
  const job = jobId.success ? await jobs.get(jobId.data) : undefined;
  if (job !== undefined) return { interviewId: job.interview_id, jobs: [job] };
  throw new InvalidInput(`There is no interview and no job ${preview(name, 80)}.`);
}
