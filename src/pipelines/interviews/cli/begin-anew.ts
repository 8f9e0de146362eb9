import { CommandMisused } from '../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { count } from '../../../commands/words.js';
import { JOB_STATUS, type InterviewJob } from '../contract/job.js';
import type { InterviewsContext } from './context.js';
import { hasEnded } from './job-words.js';
import { jobsNamed } from './jobs-named.js';
import type { InterviewsAccess } from './open-interviews.js';

export interface RetryOptions {
  json?: boolean;
}

export interface ReprocessOptions extends RetryOptions {
  engineVersionBelow?: number;
}

const PAGE = 500;

/** Begins the failed jobs of an interview anew, or the one that is named. */
export async function retryJobs(
  context: InterviewsContext,
  name: string,
  options: RetryOptions,
): Promise<ExitCode> {
  return withAccess(context, async (access) => {
    const { jobs } = await jobsNamed(access, name);
    const failed = jobs.filter(({ status }) => status === JOB_STATUS.failed);
    return report(context, await beginAnew(access, failed, 'retry'), jobs.length, options);
  });
}

/** Begins ended jobs anew: those of an interview, or all whose result an older engine has made. */
export async function reprocessJobs(
  context: InterviewsContext,
  name: string | undefined,
  options: ReprocessOptions,
): Promise<ExitCode> {
  const { engineVersionBelow: below } = options;
  if ((name === undefined) === (below === undefined)) {
    throw new CommandMisused('Expected either an interview (or job), or --engine-version-below.');
  }
  return withAccess(context, async (access) => {
    if (name !== undefined) {
      const { jobs } = await jobsNamed(access, name);
      return report(
        context,
        await beginAnew(access, jobs.filter(hasEnded), 'reprocess'),
        jobs.length,
        options,
      );
    }
    let looked = 0;
    const begun: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await access.jobs.list(
        { status: JOB_STATUS.completed },
        { limit: PAGE, ...(after !== undefined && { after }) },
      );
      const older = await olderThan(access, page.jobs, below!);
      looked += page.jobs.length;
      begun.push(...(await beginAnew(access, older, 'reprocess')));
      after = page.next;
      if (after === undefined) break;
    }
    return report(context, begun, looked, options);
  });
}

async function olderThan(
  { results }: InterviewsAccess,
  jobs: readonly InterviewJob[],
  version: number,
): Promise<InterviewJob[]> {
  const older: InterviewJob[] = [];
  for (const job of jobs) {
    const made = job.result_id === undefined ? undefined : await results.engineVersionOf(job.result_id);
    // Past its retention there is nothing to make better.
    if (made !== undefined && made < version) older.push(job);
  }
  return older;
}

/** @returns ids of those that were in the state that they were seen in */
async function beginAnew(
  { jobs }: InterviewsAccess,
  chosen: readonly InterviewJob[],
  reason: 'retry' | 'reprocess',
): Promise<string[]> {
  const begun: string[] = [];
  for (const job of chosen) if (await jobs.beginAnew(job, { reason, ready: false })) begun.push(job.job_id);
  return begun;
}

function report(
  { terminal }: InterviewsContext,
  begun: readonly string[],
  looked: number,
  { json }: RetryOptions,
): ExitCode {
  if (json === true) terminal.out(JSON.stringify({ begun, looked_at: looked }));
  else {
    terminal.out(
      begun.length === 0
        ? `Nothing to begin anew among ${count(looked, 'job')}.`
        : `${count(begun.length, 'job')} begun anew; a worker takes ${begun.length === 1 ? 'it' : 'them'} up at its next look.`,
    );
  }
  return EXIT.ok;
}

async function withAccess(
  context: InterviewsContext,
  work: (access: InterviewsAccess) => Promise<ExitCode>,
): Promise<ExitCode> {
  const access = await context.openInterviews(context.readEnvironment());
  try {
    return await work(access);
  } finally {
    await access.close();
  }
}
