import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { ownVersion } from '../../../platform/own-version.js';
import { JOB_STATUS, type InterviewJob } from '../contract/job.js';
import { readInterviewReport } from '../report/interview-report.js';
import { renderInterviewPage } from '../report/page/page.js';
import type { ReportOptions } from './commands/report.js';
import type { InterviewsContext } from './context.js';
import { hasEnded } from './job-words.js';
import { interviewNamed } from './jobs-named.js';
import { writeWhole } from '../../../commands/write-whole.js';

/** Writes the page of an interview. */
export async function writeReport(
  context: InterviewsContext,
  name: string,
  { out }: ReportOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const access = await context.openInterviews(context.readEnvironment());
  try {
    const { interviewId } = await interviewNamed(access, name);
    const report = await readInterviewReport(access, interviewId);
    const path = resolve(out ?? 'interview-report.html');
    await writeWhole(
      '--out',
      path,
      renderInterviewPage({
        ...report,
        generatedAt: context.now(),
        version: ownVersion(),
        writtenBy: 'vachan interviews report',
      }),
    );
    terminal.out(path);
    if (report.media.length > 0) return EXIT.ok;
    terminal.err(`vachan: ${nothingMeasured(report.jobs)}`);
    return EXIT.failed;
  } finally {
    await access.close();
  }
}

/** Why a page has no medium. */
function nothingMeasured(jobs: readonly InterviewJob[]): string {
  if (!jobs.every(hasEnded)) return 'the interview has no result yet, which the page says.';
  return jobs.some(({ status }) => status === JOB_STATUS.completed)
    ? 'the interview has no result any more, which the page says.'
    : 'no medium of the interview could be measured; the page says why.';
}
