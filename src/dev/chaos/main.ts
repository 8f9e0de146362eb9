import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { FEWEST_RECORDS } from '../demo/night.js';
import { cacheFolder, projectRoot } from '../stack/folders.js';
import { number, oneOf, repeatable, setting } from './arguments.js';
import { FAULT_KINDS, type FaultKind } from './faults/index.js';
import { KILL_POINTS, type KillPoint } from './kill-points.js';
import { markdownReport } from './markdown-report.js';
import { describeReport, isSound } from './report.js';
import { startChaos } from './run-chaos.js';

interface ChaosArguments {
  records: number;
  seed: number;
  faults: FaultKind[];
  minutes?: number;
  kills?: number;
  gap: number;
  workers: number;
  points: KillPoint[];
  receives?: number;
  json?: string;
  markdown?: string;
  dist: string;
  folder?: string;
  set: Record<string, string>;
}

/**
 * What is expected of a night of this size. A kill costs some 400 messages one receive each: with 8, sound ones became dead letters
 * on a machine so busy that the night met 97 kills in 55 minutes.
 */
const LARGE = { records: 4000, minutes: 8, kills: 50, receives: 20 };

const INTERRUPTED_EXIT_CODE = 130;

function readArguments(): ChaosArguments {
  return (
    new Command('npm run chaos --')
      .description(
        'Scores a made-up night while things break, and checks that nothing is lost, doubled or wrong.',
      )
      .option('--records <count>', 'recordings of the night', number(FEWEST_RECORDS), 500)
      .option('--seed <number>', 'the same seed gives the same schedule', number(0), Date.now() % 1_000_000)
      .option('--faults <list>', `any of ${FAULT_KINDS.join(', ')}`, oneOf(FAULT_KINDS), [...FAULT_KINDS])
      .option(
        '--minutes <minutes>',
        `faults begin within this (3; ${LARGE.minutes} for a large night)`,
        number(0),
      )
      .option(
        '--kills <count>',
        `faults go on until so much was killed (0; ${LARGE.kills} for a large night)`,
        number(0),
      )
      .option('--gap <seconds>', 'between two faults, on average', number(0.1), 4)
      .option('--workers <count>', 'worker processes at once', number(1), 2)
      .option(
        '--points <list>',
        `where kill_at_point kills: any of ${KILL_POINTS.join(', ')}`,
        oneOf(KILL_POINTS),
        [...KILL_POINTS],
      )
      // A sound message may meet many kills; one that cannot be read still ends within minutes.
      .option('--receives <count>', 'deliveries before a message becomes a dead letter (12; 20)', number(1))
      .option('--json <file>', 'write the report there as JSON')
      .option('--markdown <file>', 'write the report there as Markdown')
      .option('--dist <folder>', 'compiled workers to run', join(projectRoot(), 'dist'))
      .option('--folder <folder>', "for the servers' data and all logs; kept when the run fails")
      .option('--set <NAME=value>', 'a setting of the workers; may be given several times', setting, {})
      .addHelpText(
        'after',
        '\nExamples:\n  npm run chaos\n  npm run chaos -- --records 2000 --seed 7 --minutes 5 --faults kill_worker,hole_mongo',
      )
      .parse()
      .opts<ChaosArguments>()
  );
}

function stopSignal(): Promise<'stop'> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('stop'));
  });
}

/** `npm run chaos`. @returns the exit code: 0 only when nothing was lost, doubled or wrong */
async function main(): Promise<number> {
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const args = readArguments();
  const usual = args.records < LARGE.records ? { minutes: 3, kills: 0, receives: 12 } : LARGE;
  const stopped = stopSignal();
  const folder = resolve(args.folder ?? join(cacheFolder(process.env), `chaos-${process.pid}`));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const log = (line: string): void => console.log(line);
  const chaos = await startChaos({
    ...{ records: args.records, seed: args.seed, kinds: args.faults, minutes: args.minutes ?? usual.minutes },
    ...{
      leastKills: args.kills ?? usual.kills,
      gapSeconds: args.gap,
      workers: args.workers,
      killPoints: args.points,
      maxReceiveCount: args.receives ?? usual.receives,
    },
    ...{ distFolder: resolve(args.dist), settings: args.set },
    ...{ folder, environment: process.env, log },
    command: repeatable('chaos', process.argv.slice(2)),
  });
  let exitCode = INTERRUPTED_EXIT_CODE;
  try {
    const report = await Promise.race([chaos.run(), stopped]);
    if (report !== 'stop') {
      for (const line of describeReport(report)) log(line);
      if (args.json !== undefined) writeFileSync(resolve(args.json), `${JSON.stringify(report, null, 2)}\n`);
      if (args.markdown !== undefined) writeFileSync(resolve(args.markdown), markdownReport(report));
      exitCode = isSound(report) ? 0 : 1;
    }
  } finally {
    await chaos.stop();
    if (exitCode === 0) rmSync(folder, { recursive: true, force: true });
    else log(`Logs: ${folder}`);
  }
  return exitCode;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);
