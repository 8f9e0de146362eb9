import { Argument, Command } from 'commander';
import { examples } from '../../../../commands/options.js';
import { exitCodesOfWaiting } from '../../../../commands/waiting.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

export const watchCommand: ExportsCommand = (context, end) =>
  new Command('watch')
    .summary('watch a job until it ends')
    .description(
      'Shows a job live, and its result at the end. Ctrl-C leaves, and the job goes on. In a pipe it writes a line now and then.',
    )
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--json', 'print the result as one JSON line')
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText('after', examples('vachan exports watch 4711'))
    .action(async (id: string, options: SourceOption & { json?: boolean }) => {
      const [{ watchRun }, { jobNamed }, { jobWorkflowId }, { exportsRuns }] = await Promise.all([
        import('../../../../commands/watch/watch-run.js'),
        import('../job-argument.js'),
        import('../../contract/job-ref.js'),
        import('../runs/present-run.js'),
      ]);
      const workflowId = jobWorkflowId(jobNamed(id, options));
      end(await watchRun(context, [exportsRuns], workflowId, options.json === true));
    });
