import { EXIT, type ExitCode } from '../../../commands/context.js';
import type { InterviewJob } from '../contract/job.js';
import type { InterviewsContext } from './context.js';
import { detailOf, stateOf } from './job-words.js';
import { jobsNamed } from './jobs-named.js';
import { allEnded, codeOf, jobTable } from './show-interview.js';

const LOOK_EVERY_MS = 1_000;

/** Says what changes, until all jobs have ended. */
export async function watchInterview(
  context: InterviewsContext,
  name: string,
  { json }: { json?: boolean },
): Promise<ExitCode> {
  const { terminal } = context;
  const access = await context.openInterviews(context.readEnvironment());
  const left = new AbortController();
  const stop = context.onInterrupt(() => left.abort());
  const said = new Map<string, string>();
  const tell = (job: InterviewJob): void => {
    const words = [stateOf(job), detailOf(job)].filter((part) => part !== '').join(': ');
    if (said.get(job.job_id) === words) return;
    said.set(job.job_id, words);
    if (json === true)
      terminal.out(JSON.stringify({ at: context.now().toISOString(), ...job, state: stateOf(job) }));
    else
      terminal.out(
        `${context.now().toISOString().slice(11, 19)}  ${job.interview_type}  ${job.job_id}  ${words}`,
      );
  };
  try {
    let jobs: readonly InterviewJob[] = [];
    for (;;) {
      ({ jobs } = await jobsNamed(access, name));
      jobs.forEach(tell);
      if (allEnded(jobs) || left.signal.aborted) break;
      await context.sleep(LOOK_EVERY_MS, left.signal);
    }
    if (!allEnded(jobs)) return EXIT.detached;
    if (json !== true) terminal.out(['', ...jobTable(jobs)].join('\n'));
    return codeOf(jobs);
  } finally {
    stop();
    await access.close();
  }
}
