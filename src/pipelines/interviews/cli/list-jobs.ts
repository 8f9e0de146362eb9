import { CommandMisused } from '../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { tableLines } from '../../../commands/terminal/table.js';
import { preview } from '../../../platform/text/printable.js';
import { JOB_STATUS, type InterviewJob, type JobStatus } from '../contract/job.js';
import type { ListOptions } from './commands/list.js';
import type { InterviewsContext } from './context.js';
import { detailOf, instant, stateOf, type JobState } from './job-words.js';

const STATUS_OF: Readonly<Record<JobState, JobStatus>> = {
  waiting: JOB_STATUS.pending,
  ready: JOB_STATUS.pending,
  processing: JOB_STATUS.processing,
  failed: JOB_STATUS.failed,
  completed: JOB_STATUS.completed,
};
const PAGE = 500;
const JOB_ID = /^[0-9a-f]{24}$/i;

/** Lists jobs, the oldest first. @throws CommandMisused where `--after` names none */
export async function listJobs(context: InterviewsContext, options: ListOptions): Promise<ExitCode> {
  const { state, limit, after } = options;
  if (after !== undefined && !JOB_ID.test(after)) {
    throw new CommandMisused(
      `--after: expected the _id of a job, 24 hex digits (got ${preview(after, 80)}).`,
    );
  }
  const access = await context.openInterviews(context.readEnvironment());
  try {
    // One more than is shown: so it is known whether there are more.
    const wanted = limit + 1;
    const filter = state === undefined ? {} : { status: STATUS_OF[state] };
    const found: InterviewJob[] = [];
    let from = after;
    do {
      const page = await access.jobs.list(filter, {
        limit: PAGE,
        ...(from !== undefined && { after: from }),
      });
      const fitting = page.jobs.filter((job) => state === undefined || stateOf(job) === state);
      found.push(...fitting.slice(0, wanted - found.length));
      from = page.next;
    } while (from !== undefined && found.length < wanted);
    const shown = found.slice(0, limit);
    const next = found.length > limit ? shown.at(-1)?.job_id : undefined;
    if (options.json === true) context.terminal.out(JSON.stringify({ jobs: shown, next: next ?? null }));
    else {
      context.terminal.out(shown.length === 0 ? 'No jobs.' : tableOf(shown).join('\n'));
      if (next !== undefined) context.terminal.err(`There are more: --after ${next}`);
    }
    return EXIT.ok;
  } finally {
    await access.close();
  }
}

function tableOf(jobs: readonly InterviewJob[]): string[] {
  return tableLines(
    [
      { title: 'JOB' },
      { title: 'INTERVIEW' },
      { title: 'TYPE' },
      { title: 'STATE' },
      { title: 'UPDATED' },
      { title: 'DETAIL' },
    ],
    jobs.map((job) => [
      job.job_id,
      job.interview_id,
      job.interview_type,
      stateOf(job),
      instant(job.updated_at),
      detailOf(job),
    ]),
  );
}
