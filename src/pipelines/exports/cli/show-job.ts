import { EXIT, type ExitCode } from '../../../commands/context.js';
import { runLines } from '../../../commands/runs/run-lines.js';
import { pairLines } from '../../../commands/terminal/table.js';
import { describeJob, type JobDescription } from '../jobs/describe-job.js';
import type { ExportsContext } from './context.js';
import { jobNamed, type SourceOption } from './job-argument.js';
import { resultRows, viewJob } from './runs/present-run.js';

/** Shows a job, whether it runs or has ended. */
export async function showJob(
  context: ExportsContext,
  id: string,
  options: SourceOption & { json?: boolean },
): Promise<ExitCode> {
  const job = jobNamed(id, options);
  const { state, close } = await context.openJobs(context.readEnvironment());
  const runs = await context.connectRuns();
  try {
    const found = await describeJob(runs, state, job);
    if (options.json === true) context.terminal.out(JSON.stringify(found));
    else {
      const lines = found.status === null ? endedLines(found) : await runningLines(found, context);
      context.terminal.out(lines.join('\n'));
    }
    return codeOf(found.state);
  } finally {
    await runs.close();
    close();
  }

  async function runningLines(found: JobDescription, { connectRuns: _ }: ExportsContext): Promise<string[]> {
    const description = await runs.describe(found.workflow_id);
    return runLines(description, viewJob(found.status!), await runs.retriedSteps(found.workflow_id));
  }
}

function endedLines({ workflow_id, state, run, result, missing }: JobDescription): string[] {
  return pairLines([
    ['Job', workflow_id],
    ['State', run === null ? `${state} (Temporal has forgotten the run; S3 keeps its result)` : state],
    ...(missing === null ? [] : [['Reason', missing] as const]),
    ...(result === null ? [] : [['Ended', result.finished_at] as const, ...resultRows(result)]),
  ]);
}

/** As a script reads it: what is not whole is not done. */
export function codeOf(state: string): ExitCode {
  if (state === 'partial' || state === 'cancelled') return EXIT.stopped;
  return ['failed', 'canceled', 'terminated', 'timed_out'].includes(state) ? EXIT.failed : EXIT.ok;
}
