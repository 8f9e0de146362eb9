import { Command, Option } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';
import { JOB_STATES, type JobState } from '../job-words.js';

/** More are asked for by name, or page by page. */
const DEFAULT_LIMIT = 100;

export interface ListOptions {
  state?: JobState;
  limit: number;
  after?: string;
  json?: boolean;
}

export const listCommand: InterviewsCommand = (context, end) =>
  new Command('list')
    .summary('list jobs, the oldest first')
    .description('Lists jobs as the collection has them.')
    .addOption(new Option('--state <state>', 'only jobs of this state').choices(JOB_STATES))
    .option('--limit <n>', 'at most so many', wholeNumber({ min: 1, max: 100_000 }), DEFAULT_LIMIT)
    .option('--after <job>', 'only those after this job')
    .option('--json', 'print them as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan interviews list --state failed',
        'vachan interviews list --json | jq ".jobs[].interview_id"',
      ),
    )
    .action(async (options: ListOptions) => {
      const { listJobs } = await import('../list-jobs.js');
      end(await listJobs(context, options));
    });
