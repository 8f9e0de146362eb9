import { join, resolve } from 'node:path';
import { FEWEST_RECORDS } from '../../demo/seed-plan.js';
import { projectRoot } from '../../stack/folders.js';
import { inputFolder, number, outputFile, toolCommand, wholeNumber } from '../../command-line.js';
import { oneOf, repeatable, setting } from '../arguments.js';
import { runEachAlone } from './each-alone.js';
import { FAULT_KINDS, type FaultKind } from './faults/index.js';
import { KILL_POINTS, type KillPoint } from './kill-points.js';
import { markdownReport } from './markdown-report.js';
import { describeReport, isSound } from './report.js';
import { runChaos } from './run-chaos.js';
import { startServers } from './servers.js';
import { commandUnderFire, type UnderFireArguments } from '../under-fire.js';

interface ChaosArguments extends UnderFireArguments {
  each?: true;
  records?: number;
  seed: number;
  faults: FaultKind[];
  minutes?: number;
  kills?: number;
  gap: number;
  workers: number;
  points: KillPoint[];
  receives?: number;
  dist: string;
  set: Record<string, string>;
}

/**
 * What is expected of a run of many records. A kill costs some 400 messages one receive each: with 8, sound ones became dead
 * letters on a machine so busy that the run met 97 kills in 55 minutes.
 */
const LARGE = { records: 4000, minutes: 8, kills: 50, receives: 20 };
/** The same of others, and of a run for one fault. */
const USUAL = {
  large: LARGE,
  // A sound message may meet many kills; one that cannot be read still ends within minutes.
  small: { records: 500, minutes: 3, kills: 0, receives: 12 },
  each: { records: 40, minutes: 0.15, kills: 0, receives: 4 },
};

function readArguments(argv: readonly string[]): ChaosArguments {
  return toolCommand('npm run chaos --')
    .description(
      'Scores made-up recordings while things break, and checks that nothing is lost, doubled or wrong.',
    )
    .option('--each', 'a small run for each fault alone')
    .option(
      '--records <count>',
      `recordings of the run (${USUAL.small.records}; ${USUAL.each.records} for one a fault)`,
      wholeNumber(FEWEST_RECORDS),
    )
    .option(
      '--seed <number>',
      'the same seed gives the same schedule',
      wholeNumber(0),
      Date.now() % 1_000_000,
    )
    .option('--faults <list>', `any of ${FAULT_KINDS.join(', ')}`, oneOf(FAULT_KINDS), [...FAULT_KINDS])
    .option(
      '--minutes <minutes>',
      `faults begin within this (${USUAL.small.minutes}; ${LARGE.minutes} for a large run)`,
      number(0),
    )
    .option(
      '--kills <count>',
      `faults go on until so much was killed (0; ${LARGE.kills} for a large run)`,
      wholeNumber(0),
    )
    .option('--gap <seconds>', 'between two faults, on average', number(0.1), 4)
    .option('--workers <count>', 'worker processes at once', wholeNumber(1), 2)
    .option(
      '--points <list>',
      `where kill_at_point kills: any of ${KILL_POINTS.join(', ')}`,
      oneOf(KILL_POINTS),
      [...KILL_POINTS],
    )
    .option('--receives <count>', 'deliveries before a message becomes a dead-letter message', wholeNumber(1))
    .option('--json <file>', 'write the report there as JSON', outputFile)
    .option('--markdown <file>', 'write the report there as Markdown', outputFile)
    .option('--dist <folder>', 'compiled workers to run', inputFolder, join(projectRoot(), 'dist'))
    .option('--folder <folder>', "for the servers' data and all logs; kept when the run fails")
    .option('--set <NAME=value>', 'a setting of the workers; may be given several times', setting, {})
    .addHelpText(
      'after',
      '\nExamples:\n  npm run chaos\n  npm run chaos -- --records 2000 --seed 7 --minutes 5 --faults kill_worker,hole_mongo',
    )
    .parse(argv, { from: 'user' })
    .opts<ChaosArguments>();
}

/** `npm run chaos`: recordings under fire. Ends the process. */
export function recordingsChaos(argv: readonly string[]): void {
  const args = readArguments(argv);
  const kind =
    args.each === true
      ? 'each'
      : args.records === undefined || args.records < LARGE.records
        ? 'small'
        : 'large';
  const { records, minutes, kills, receives } = { ...USUAL[kind], ...args };
  const same = {
    command: repeatable('chaos', argv),
    ...{ records, minutes, seed: args.seed, kinds: args.faults, gapSeconds: args.gap, workers: args.workers },
    ...{ killPoints: args.points, maxReceiveCount: receives },
    ...{ distFolder: resolve(args.dist), settings: args.set },
  };

  commandUnderFire(args, {
    name: 'chaos',
    startServers,
    run: async (ground) => {
      if (args.each === true) return runEachAlone(same, ground);
      const { servers, held, ...where } = ground;
      const report = await runChaos({ ...same, ...where, leastKills: kills }, servers, held);
      return {
        ...{ report, lines: describeReport(report), markdown: markdownReport(report) },
        isSound: isSound(report),
      };
    },
  });
}
