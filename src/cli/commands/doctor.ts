import { Command } from 'commander';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';

const NOTES = `
Each line is ok, a warning (works, or will by itself, but somebody should know), a problem, or unchecked; what to do
stands below it. Nothing is sent, received or written but a trial file in the scratch folder.

Exit code: 1 if there is a problem.`;

export const doctorCommand =
  (pipelines: readonly Pipeline[]): CommandDefinition =>
  (context, end) =>
    new Command('doctor')
      .summary('check settings, servers and permissions')
      .description('Checks everything that a worker depends on, and says what to do about what is wrong.')
      .option('--audio-url <url>', 'also read this recording, as a worker would')
      .option('--test-date <date>', "also count the date's rows by what keeps them out of a run")
      .option('--json', 'print the findings as one JSON line')
      .addHelpText('after', NOTES)
      .addHelpText(
        'after',
        examples(
          'vachan doctor',
          'vachan doctor --test-date 2025-12-20',
          'vachan doctor --audio-url s3://my-bucket/one.mp3',
          'vachan doctor --json | jq \'.findings[] | select(.status != "ok")\'',
        ),
      )
      .action(async (options: { audioUrl?: string; testDate?: string; json?: boolean }) => {
        const { allChecks } = await import('../doctor/all-checks.js');
        const { testDateOr } = await import('../../pipelines/recordings/cli/runs/run-target.js');
        const { showFindings } = await import('../doctor/show-findings.js');
        const environment = context.readEnvironment();
        const testDate = options.testDate && testDateOr(options.testDate, environment);
        const checks = allChecks(environment, pipelines, options.audioUrl, testDate);
        end(await showFindings(context, checks, options.json === true));
      });
