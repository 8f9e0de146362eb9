import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

export interface VerifyOptions extends SourceOption {
  json?: boolean;
}

export const verifyCommand: ExportsCommand = (context, end) =>
  new Command('verify')
    .summary('hold the bucket against what a job says of it')
    .description(
      'Asks S3 for every object of the manifest of a job, and the metadata table for every row of it: whether each object is there, with the size and the checksum that both state, and whether each row has an object or a rejected entry. Objects of the job’s folder that the manifest does not name are counted.',
    )
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--json', 'print the report as one JSON line')
    .addHelpText('after', `\nExit code: ${EXIT.ok} all of it is as stated, ${EXIT.failed} something is not.`)
    .addHelpText(
      'after',
      examples('vachan exports verify 4711', 'vachan exports verify 4711 --json | jq .problems'),
    )
    .action(async (id: string, options: VerifyOptions) => {
      const { verifyJob } = await import('../verify/verify-job.js');
      end(await verifyJob(context, id, options));
    });
