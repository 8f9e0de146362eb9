import { Command } from 'commander';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';

const NOTES = `
Each line is ok, a warning (works, or will by itself, but somebody should know), a problem, or unchecked; what to do
stands below it. Nothing is sent, received or written but a trial file in the scratch folder.

Exit code: 1 if there is a problem.`;

export function doctorCommand(pipelines: readonly Pipeline[]): CommandDefinition {
  return (context, end) => {
    const command = new Command('doctor')
      .summary('check settings, servers and permissions')
      .description('Checks everything that a worker depends on, and says what to do about what is wrong.');
    for (const { doctor } of pipelines) doctor.addOptions(command);
    return command
      .option('--json', 'print the findings as one JSON line')
      .addHelpText('after', NOTES)
      .addHelpText(
        'after',
        examples(
          'vachan doctor',
          ...pipelines.flatMap(({ doctor }) => doctor.examples),
          'vachan doctor --json | jq \'.findings[] | select(.status != "ok")\'',
        ),
      )
      .action(async ({ json, ...options }: { json?: boolean }) => {
        const { allChecks } = await import('../doctor/all-checks.js');
        const { showFindings } = await import('../doctor/show-findings.js');
        const checks = await allChecks(context.readEnvironment(), pipelines, options);
        end(await showFindings(context, checks, json === true));
      });
  };
}
