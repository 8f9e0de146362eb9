import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

export interface PlanOptions extends SourceOption {
  json?: boolean;
}

export const planCommand: ExportsCommand = (context, end) =>
  new Command('plan')
    .summary('what a job would upload and refuse; nothing is written')
    .description(
      'Asks the Export API for the files of an export, reads the directory of each archive, holds its entries against the metadata, and says what would be uploaded and what refused. No content is downloaded, nothing is written.',
    )
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--json', 'print each entry, and the totals at the end, as a JSON line')
    .addHelpText(
      'after',
      `\nExit code: ${EXIT.ok} every entry would be uploaded, ${EXIT.failed} something would be refused.`,
    )
    .addHelpText(
      'after',
      examples('vachan exports plan 4711', 'vachan exports plan 4711 --json | jq -r "select(.reason).entry"'),
    )
    .action(async (id: string, options: PlanOptions) => {
      const { planJob } = await import('../plan-job.js');
      end(await planJob(context, id, options));
    });
