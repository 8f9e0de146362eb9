import { Command, Option } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';

/** More are asked for by name, or by a time. */
const DEFAULT_LIMIT = 100;

export const LISTED_STATES = [
  'running',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'already_done',
] as const;

export interface ListOptions {
  state?: string;
  source?: string;
  since?: string;
  limit: number;
  json?: boolean;
}

export const listCommand: ExportsCommand = (context, end) =>
  new Command('list')
    .summary('list jobs, the latest first')
    .description("Lists jobs as Temporal remembers them: for the namespace's retention after their end.")
    .addOption(new Option('--state <state>', 'only jobs of this state').choices(LISTED_STATES))
    .option('--source <name>', 'only exports of this source')
    .option(
      '--since <time>',
      'only jobs that started since: 30m, 12h, 7d, or a time such as 2025-12-20T06:00:00Z',
    )
    .option('--limit <n>', 'at most so many', wholeNumber({ min: 1, max: 100_000 }), DEFAULT_LIMIT)
    .option('--json', 'print them as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan exports list --state partial --since 1d',
        'vachan exports list --json | jq ".jobs[].export_id"',
      ),
    )
    .action(async (options: ListOptions) => {
      const { showJobs } = await import('../show-jobs.js');
      end(await showJobs(context, options));
    });
