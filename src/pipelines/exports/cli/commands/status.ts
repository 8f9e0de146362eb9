import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

export const statusCommand: ExportsCommand = (context, end) =>
  new Command('status')
    .summary('show a job, running or ended')
    .description(
      'Shows how far a job is, or what became of it: by Temporal, and by the result in S3 once Temporal has forgotten it.',
    )
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--json', 'print it as one JSON line')
    .addHelpText(
      'after',
      `\nExit code: ${EXIT.ok} running or succeeded, ${EXIT.stopped} partial or cancelled, ${EXIT.failed} failed.`,
    )
    .addHelpText(
      'after',
      examples('vachan exports status 4711', 'vachan exports status 4711 --json | jq .result.entries'),
    )
    .action(async (id: string, options: SourceOption & { json?: boolean }) => {
      const { showJob } = await import('../show-job.js');
      end(await showJob(context, id, options));
    });
