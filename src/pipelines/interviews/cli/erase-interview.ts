import { EXIT, type ExitCode } from '../../../commands/context.js';
import { pairLines } from '../../../commands/terminal/table.js';
import { count } from '../../../commands/words.js';
import { preview } from '../../../platform/text/printable.js';
import { eraseInterview, type EraseReport } from '../erase/erase-interview.js';
import { stopWorkflows } from '../erase/stop-workflows.js';
import type { EraseOptions } from './commands/erase.js';
import type { InterviewsContext } from './context.js';

/** Erases an interview, after asking. */
export async function eraseByCommand(
  context: InterviewsContext,
  interviewId: string,
  { yes, json, waitSeconds }: EraseOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const environment = context.readEnvironment();
  const access = await context.openInterviews(environment);
  const named = preview(interviewId, 80);
  try {
    if (yes !== true) {
      const jobs = count((await access.jobs.ofInterview(interviewId)).length, 'job');
      if (!(await context.confirm(`Erase all that is kept of interview ${named} (${jobs}), for good?`))) {
        terminal.err('Nothing was erased.');
        return EXIT.stopped;
      }
    }
    // Reached before anything is done: half an erasure is harder to understand than none.
    const client = await context.connectTemporal(environment);
    try {
      const report = await eraseInterview(
        {
          ...access,
          stopWorkflows: (ids) => stopWorkflows(client, ids, { waitMs: waitSeconds * 1_000 }),
        },
        interviewId,
      );
      if (json === true) terminal.out(JSON.stringify(report));
      else if (foundNothing(report)) {
        terminal.out(`Nothing of ${named} was found; it is refused from now on. Is the id right?`);
      } else terminal.out(linesOf(report).join('\n'));
      return EXIT.ok;
    } finally {
      await client.connection.close();
    }
  } finally {
    await access.close();
  }
}

/** An id that was mistyped looks like this; so does one that was erased before. */
function foundNothing({ jobs, workflows, parts, results, events }: EraseReport): boolean {
  return jobs + workflows.cancelled + workflows.terminated + parts + results + events === 0;
}

function linesOf({ jobs, workflows, parts, results, events }: EraseReport): string[] {
  const { cancelled, terminated } = workflows;
  const forced = terminated === 0 ? '' : `, ${terminated} of them by force`;
  return [
    ...pairLines([
      ['Jobs', `${jobs} deleted`],
      ['Workflows', `${cancelled + terminated} ended${forced}`],
      ['Parts', `${parts} deleted`],
      ['Results', `${count(results, 'result')} deleted, with transcripts and series`],
      ['Events', `${events} deleted`],
    ]),
    'Nothing of this interview is taken in again. Its recordings in S3, and report pages that were written, are not touched.',
  ];
}
