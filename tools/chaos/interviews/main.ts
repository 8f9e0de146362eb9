import { toolCommand, wholeNumber } from '../../command-line.js';
import { fleetRunOptions, withFleetOptions, type FleetArguments } from '../fleet-command.js';
import { commandUnderFire } from '../under-fire.js';
import { FAULT_KINDS, type FaultKind } from './faults/index.js';
import { startInterviewsServers } from './interviews-servers.js';
import { KILL_POINT_NAMES, type KillPoint } from './kill-points.js';
import { describeReport, isSound, markdownReport } from './report.js';
import { runInterviewsChaos } from './run-interviews-chaos.js';

interface InterviewsArguments extends FleetArguments<FaultKind, KillPoint> {
  jobs: number;
}

/** From so many jobs on a run is one for a report. */
const LARGE_JOBS = 200;
const COMMAND = {
  kinds: FAULT_KINDS,
  points: KILL_POINT_NAMES,
  seeded: 'interviews',
  large: `${LARGE_JOBS} jobs`,
  usual: { small: { minutes: 1, kills: 0 }, large: { minutes: 4, kills: 20 } },
};
/** A sound message may meet many kills. */
const RECEIVES = 30;

function readArguments(argv: readonly string[]): InterviewsArguments {
  const command = toolCommand('npm run chaos -- interviews')
    .description(
      'Analyses made-up interviews while things break, and checks that each job ends once, and each interview’s end is told once.',
    )
    .option('--jobs <count>', 'jobs of all interviews together', wholeNumber(1), 40);
  return withFleetOptions(command, COMMAND)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run chaos -- interviews\n  npm run chaos -- interviews --jobs 300 --seed 1\n  npm run chaos -- interviews --faults kill_at_point --points chunk,before_store',
    )
    .parse(argv, { from: 'user' })
    .opts<InterviewsArguments>();
}

/** `npm run chaos -- interviews`. Ends the process. */
export function interviewsChaos(argv: readonly string[]): void {
  const args = readArguments(argv);
  const { jobs: records } = args;
  const size = records < LARGE_JOBS ? 'small' : 'large';
  commandUnderFire(args, {
    name: 'chaos-interviews',
    startServers: startInterviewsServers,
    run: async ({ servers, held, ...where }) => {
      const options = fleetRunOptions(args, COMMAND, { pipeline: 'interviews', argv, size });
      const report = await runInterviewsChaos(
        { ...options, records, maxReceiveCount: RECEIVES, ...where },
        servers,
        held,
      );
      return {
        ...{ report, lines: describeReport(report), markdown: markdownReport(report) },
        isSound: isSound(report),
      };
    },
  });
}
