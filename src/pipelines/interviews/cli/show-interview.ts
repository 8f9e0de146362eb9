import { EXIT, type ExitCode } from '../../../commands/context.js';
import { pairLines, tableLines } from '../../../commands/terminal/table.js';
import { JOB_STATUS, type InterviewJob } from '../contract/job.js';
import type { InterviewEvent } from '../contract/event.js';
import type { InterviewResult } from '../contract/result.js';
import { measureLines } from '../results/measure-lines.js';
import type { InterviewsContext } from './context.js';
import { detailOf, hasEnded, instant, JOB_STATES, objectOf, stateOf } from './job-words.js';
import { interviewNamed } from './jobs-named.js';

/** Shows an interview's jobs, what was measured, and what the world was told. */
export async function showInterview(
  context: InterviewsContext,
  name: string,
  { json }: { json?: boolean },
): Promise<ExitCode> {
  const access = await context.openInterviews(context.readEnvironment());
  try {
    const { interviewId, jobs } = await interviewNamed(access, name);
    const [results, events] = await Promise.all([
      access.results.ofInterview(interviewId),
      access.events.of(interviewId),
    ]);
    const own =
      jobs.length === 0 ? results : results.filter(({ job_id }) => jobs.some((job) => job.job_id === job_id));
    const { terminal } = context;
    if (json === true) {
      const shown = own.map(({ series: _, ...result }) => result);
      terminal.out(JSON.stringify({ interview_id: interviewId, jobs, results: shown, events }));
    } else
      terminal.out(
        [...headLines(interviewId, jobs, events), '', ...jobTable(jobs), ...resultLines(own)].join('\n'),
      );
    return codeOf(jobs);
  } finally {
    await access.close();
  }
}

function headLines(
  interviewId: string,
  jobs: readonly InterviewJob[],
  events: readonly InterviewEvent[],
): string[] {
  const [told] = events;
  return pairLines([
    ['Interview', interviewId],
    ['Jobs', jobCounts(jobs)],
    ...(told === undefined ? [] : [['Told', tellingOf(told)] as const]),
  ]);
}

/** `3: 1 processing, 2 completed`. */
export function jobCounts(jobs: readonly InterviewJob[]): string {
  if (jobs.length === 0) return 'none any more';
  const states = jobs.map(stateOf);
  const counts = JOB_STATES.map((state) => [state, states.filter((one) => one === state).length] as const);
  const named = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  return `${jobs.length}: ${named.join(', ')}`;
}

function tellingOf({ type, revision, status, tries, updated_at }: InterviewEvent): string {
  const tried = tries === 0 ? '' : `, ${tries} ${tries === 1 ? 'try' : 'tries'}`;
  return `${type} (revision ${revision}) ${status}${tried}, ${instant(updated_at)}`;
}

export function jobTable(jobs: readonly InterviewJob[]): string[] {
  if (jobs.length === 0) return [];
  return tableLines(
    [
      { title: 'JOB' },
      { title: 'TYPE' },
      { title: 'STATE' },
      { title: 'ATTEMPTS', align: 'right' },
      { title: 'UPDATED' },
      { title: 'OBJECT' },
      { title: 'DETAIL' },
    ],
    jobs.map((job) => [
      job.job_id,
      job.interview_type,
      stateOf(job),
      String(job.attempts),
      instant(job.updated_at),
      objectOf(job),
      detailOf(job),
    ]),
  );
}

function resultLines(results: readonly InterviewResult[]): string[] {
  return results.flatMap((result) => [
    '',
    `${result.interview_type}: ${objectOf(result)}`,
    ...pairLines(measureLines(result)).map((line) => `  ${line}`),
  ]);
}

/** As a script reads it: a job that failed is no success, one under way no failure. */
export function codeOf(jobs: readonly InterviewJob[]): ExitCode {
  return jobs.some(({ status }) => status === JOB_STATUS.failed) ? EXIT.failed : EXIT.ok;
}

export const allEnded = (jobs: readonly InterviewJob[]): boolean => jobs.length > 0 && jobs.every(hasEnded);
