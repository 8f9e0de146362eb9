import { Argument, Command } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

export interface RejectsOptions extends SourceOption {
  attempt?: number;
  missing?: boolean;
  json?: boolean;
}

export const rejectsCommand: ExportsCommand = (context, end) =>
  new Command('rejects')
    .summary('show what a job rejected, and why')
    .description(
      'Shows each file and entry that a job rejected, with its reason, from rejects.ndjson of its result.',
    )
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--attempt <n>', 'of an earlier attempt', wholeNumber({ min: 1, max: 100_000 }))
    .option('--missing', 'rows of the metadata that no archive had an entry for, instead')
    .option('--json', 'print each as a JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan exports rejects 4711',
        'vachan exports rejects 4711 --json | jq -r .reason | sort | uniq -c',
      ),
    )
    .action(async (id: string, options: RejectsOptions) => {
      const { showRejects } = await import('../show-rejects.js');
      end(await showRejects(context, id, options));
    });
