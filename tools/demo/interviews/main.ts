import { join } from 'node:path';
import { outputFile, toolCommand, wholeNumber } from '../../command-line.js';
import { projectRoot } from '../../stack/folders.js';
import { runDemo } from '../demo-command.js';
import { describeInterviews } from './interviews-report.js';
import { startInterviewsDemo } from './run-interviews.js';

interface InterviewsArguments {
  only?: string;
  largeMb: number;
  report: string;
  json?: string;
  keep: boolean;
}

function readArguments(argv: readonly string[]): InterviewsArguments {
  return toolCommand('npm run demo -- interviews')
    .description(
      'Analyses twelve made-up interviews on real servers, all on this machine, and checks each measure and webhook.',
    )
    .option('--only <ids>', 'ids of interviews, with commas, e.g. iv-plain,iv-late')
    .option(
      '--large-mb <megabytes>',
      'size of the recording that is analysed in chunks',
      wholeNumber(60),
      1024,
    )
    .option(
      '--report <file>',
      'where one interview’s report page goes',
      outputFile,
      join(projectRoot(), 'demo-output', 'interview.html'),
    )
    .option('--json <file>', 'write the summary there as JSON', outputFile)
    .option('--keep', 'leave servers and processes running until Ctrl-C, to look around', false)
    .parse(argv, { from: 'user' })
    .opts<InterviewsArguments>();
}

/** `npm run demo -- interviews`. @returns the exit code */
export function interviewsDemo(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  return runDemo(args, {
    pipeline: 'interviews',
    servers: 'Temporal, SQS, S3, MongoDB and a receiver of webhooks',
    start: (ground) =>
      startInterviewsDemo({
        ...{ only: args.only?.split(','), largeMegabytes: args.largeMb, reportPath: args.report },
        ...ground,
      }),
    describe: describeInterviews,
  });
}
