import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

export const cancelCommand: ExportsCommand = (context, end) =>
  new Command('cancel')
    .summary('end a running job')
    .description(
      'Ends a job: nothing more is listed or sent, running tasks stop, and its result says what is in place. It can be retried.',
    )
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--json', 'print what was done as one JSON line')
    .addHelpText('after', examples('vachan exports cancel 4711'))
    .action(async (id: string, options: SourceOption & { json?: boolean }) => {
      const [{ cancelJob }, { jobNamed }] = await Promise.all([
        import('../../jobs/cancel-job.js'),
        import('../job-argument.js'),
      ]);
      const job = jobNamed(id, options);
      const client = await context.connectTemporal(context.readEnvironment());
      try {
        const workflowId = await cancelJob(client, job);
        if (options.json === true)
          context.terminal.out(JSON.stringify({ workflow_id: workflowId, cancelled: true }));
        else context.terminal.out(`${workflowId} ends: see vachan exports status ${job.export_id}.`);
        end(EXIT.ok);
      } finally {
        await client.connection.close();
      }
    });
