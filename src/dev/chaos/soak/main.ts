import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { number, repeatable } from '../arguments.js';
import { cacheFolder, projectRoot } from '../../stack/folders.js';
import { isSound } from '../report.js';
import { startSoak } from './run-soak.js';
import { describeSoak, notFlat } from './soak-report.js';

interface SoakArguments {
  minutes: number;
  perMinute: number;
  seed: number;
  gap: number;
  json?: string;
  markdown?: string;
  folder?: string;
}

/** A sound message must outlive every fault of an hour. */
const MAX_RECEIVES = 12;
const WORKERS = 2;

/** `npm run soak`. @returns the exit code: 0 only when every series is flat, and nothing lost, doubled or wrong */
async function main(): Promise<number> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const args = new Command('npm run soak --')
    .description(
      'Scores recordings that arrive steadily, with a fault now and then, and watches that nothing grows.',
    )
    .option('--minutes <minutes>', 'how long they arrive', number(0.2), 60)
    .option('--per-minute <count>', 'recordings that arrive', number(1), 60)
    .option('--seed <number>', 'the same seed gives the same schedule of faults', number(0), 1)
    .option('--gap <seconds>', 'between two faults, on average', number(1), 60)
    .option('--json <file>', 'write the report there as JSON, with every sample')
    .option('--markdown <file>', 'write the report there as Markdown')
    .option('--folder <folder>', "for the servers' data and all logs; kept when the soak fails")
    .addHelpText('after', '\nExample:\n  npm run soak -- --minutes 60 --markdown soak.md')
    .parse()
    .opts<SoakArguments>();
  const folder = resolve(args.folder ?? join(cacheFolder(process.env), `soak-${process.pid}`));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const log = (line: string): void => console.log(line);
  const soak = await startSoak({
    ...{ minutes: args.minutes, perMinute: args.perMinute, seed: args.seed, gapSeconds: args.gap },
    ...{ workers: WORKERS, maxReceiveCount: MAX_RECEIVES, settings: {} },
    ...{ distFolder: join(projectRoot(), 'dist'), folder, environment: process.env, log },
    command: repeatable('soak', process.argv.slice(2)),
  });
  let exitCode = 1;
  try {
    const report = await soak.run();
    if (args.json !== undefined) writeFileSync(resolve(args.json), `${JSON.stringify(report, null, 2)}\n`);
    const page = describeSoak(report);
    if (args.markdown !== undefined) writeFileSync(resolve(args.markdown), page);
    log(page);
    for (const complaint of report.complaints) log(`  - ${complaint}`);
    exitCode = isSound(report) && notFlat(report).length === 0 ? 0 : 1;
  } finally {
    await soak.stop();
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
