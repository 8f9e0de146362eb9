import { Option } from 'commander';
import { toolCommand, wholeNumber } from '../../command-line.js';
import { fleetRunOptions, withFleetOptions, type FleetArguments } from '../fleet-command.js';
import { commandUnderFire } from '../under-fire.js';
import { S3_KINDS, startExportsServers, type S3Kind } from './exports-servers.js';
import { FAULT_KINDS, type FaultKind } from './faults/index.js';
import { KILL_POINT_NAMES, type KillPoint } from './kill-points.js';
import { describeReport, isSound, markdownReport } from './report.js';
import { runExportsChaos } from './run-exports-chaos.js';

interface ExportsArguments extends FleetArguments<FaultKind, KillPoint> {
  records: number;
  receives: number;
  s3: S3Kind;
}

/** From so many entries on a run goes on until its kills have met every row of what becomes of a process that dies. */
const LARGE_ENTRIES = 1000;
const COMMAND = {
  kinds: FAULT_KINDS,
  points: KILL_POINT_NAMES,
  seeded: 'jobs',
  large: `${LARGE_ENTRIES} entries`,
  usual: { small: { minutes: 1, kills: 0 }, large: { minutes: 4, kills: 30 } },
};
/** A sound message may meet many kills. */
const RECEIVES = 30;

function readArguments(argv: readonly string[]): ExportsArguments {
  const command = toolCommand('npm run chaos -- exports')
    .description(
      'Processes made-up exports while things break, and checks that nothing is lost, doubled, wrong or orphaned.',
    )
    .option('--records <count>', 'entries of all archives together', wholeNumber(1), 200)
    .option(
      '--receives <count>',
      'deliveries before a message becomes a dead-letter message',
      wholeNumber(1),
      RECEIVES,
    )
    .addOption(
      new Option(
        '--s3 <server>',
        'versitygw is built by Go once, and keeps all that S3 says of large objects',
      )
        .choices(S3_KINDS)
        .default('ministack' satisfies S3Kind),
    );
  return withFleetOptions(command, COMMAND)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run chaos -- exports\n  npm run chaos -- exports --records 2000 --seed 1\n  npm run chaos -- exports --faults kill_at_point --points before_complete,after_complete',
    )
    .parse(argv, { from: 'user' })
    .opts<ExportsArguments>();
}

/** `npm run chaos -- exports`. Ends the process. */
export function exportsChaos(argv: readonly string[]): void {
  const args = readArguments(argv);
  const { records, receives: maxReceiveCount } = args;
  const size = records < LARGE_ENTRIES ? 'small' : 'large';
  commandUnderFire(args, {
    name: 'chaos-exports',
    startServers: (folder, environment) => startExportsServers(folder, environment, args.s3),
    run: async ({ servers, held, ...where }) => {
      const options = fleetRunOptions(args, COMMAND, { pipeline: 'exports', argv, size });
      const report = await runExportsChaos({ ...options, records, maxReceiveCount, ...where }, servers, held);
      return {
        ...{ report, lines: describeReport(report), markdown: markdownReport(report) },
        isSound: isSound(report),
      };
    },
  });
}
