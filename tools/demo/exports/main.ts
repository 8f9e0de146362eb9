import { outputFile, toolCommand, wholeNumber } from '../../command-line.js';
import { runDemo } from '../demo-command.js';
import { describeExports } from './exports-report.js';
import { startExportsDemo } from './run-exports.js';

interface ExportsArguments {
  smallFiles: number;
  only?: string;
  json?: string;
  keep: boolean;
}

function readArguments(argv: readonly string[]): ExportsArguments {
  return toolCommand('npm run demo -- exports')
    .description(
      'Processes thirty made-up exports on real servers, all on this machine, and checks every object.',
    )
    .option('--small-files <count>', 'files of the job that has many', wholeNumber(1), 1000)
    .option('--only <kinds>', 'kinds of jobs, with commas, e.g. plain,large')
    .option('--json <file>', 'write the summary there as JSON', outputFile)
    .option('--keep', 'leave servers and processes running until Ctrl-C, to look around', false)
    .parse(argv, { from: 'user' })
    .opts<ExportsArguments>();
}

/** `npm run demo -- exports`. @returns the exit code */
export function exportsDemo(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  return runDemo(args, {
    pipeline: 'exports',
    servers: 'Temporal, SQS, S3, DynamoDB and two Export APIs',
    start: (ground) =>
      startExportsDemo({ smallFiles: args.smallFiles, only: args.only?.split(','), ...ground }),
    describe: describeExports,
  });
}
