import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Option } from 'commander';
import { outputFile, toolCommand, wholeNumber } from '../command-line.js';
import { cacheFolder, projectRoot } from '../stack/folders.js';
import { claimStackEnvFile } from '../stack/stack-env-file.js';
import { FEWEST_RECORDS } from './seed-plan.js';
import { describeSummary } from './report.js';
import { demoFolder } from './demo-folder.js';
import { startDemo, type RunningDemo } from './run-demo.js';
import { INTERRUPTED_EXIT_CODE, stopSignal } from './stop-signal.js';

interface DemoArguments {
  records: number;
  source: 'mongo' | 'postgres';
  tinyClips: boolean;
  json?: string;
  keep: boolean;
}

function readArguments(): DemoArguments {
  return (
    toolCommand('npm run demo --')
      .description('Scores made-up recordings on real servers, all on this machine, and checks every record.')
      // The others have read their own before.
      .addArgument(new Argument('[pipeline]', 'whose demo').choices(['recordings', 'exports', 'interviews']))
      .option('--records <count>', 'recordings of the run', wholeNumber(FEWEST_RECORDS), 200)
      .addOption(
        new Option('--source <source>', 'where discovery reads them')
          .choices(['mongo', 'postgres'])
          .default('mongo'),
      )
      .option('--tiny-clips', 'every recording is half a second long: measures all but the audio', false)
      .option('--json <file>', 'write the summary there as JSON', outputFile)
      .option('--keep', 'leave servers and worker running until Ctrl-C, to look around', false)
      .addHelpText(
        'after',
        '\nExamples:\n  npm run demo\n  npm run demo -- --records 500 --source postgres --keep\n  npm run demo -- exports\n  npm run demo -- interviews',
      )
      .parse()
      .opts<DemoArguments>()
  );
}

/** `npm run demo`: recordings, or another pipeline that is named first. @returns the exit code */
async function main(): Promise<number> {
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  if (process.argv[2] === 'exports') {
    const { exportsDemo } = await import('./exports/main.js');
    return exportsDemo(process.argv.slice(3));
  }
  if (process.argv[2] === 'interviews') {
    const { interviewsDemo } = await import('./interviews/main.js');
    return interviewsDemo(process.argv.slice(3));
  }
  const args = readArguments();
  const stopped = stopSignal();
  const folder = demoFolder(cacheFolder(process.env));
  const log = (line: string): void => console.log(line);
  log('Starting Temporal, SQS, S3 and a database on this machine…');
  const demo = await startDemo({
    records: args.records,
    source: args.source,
    tinyClips: args.tinyClips,
    folder,
    csvPath: join(projectRoot(), 'demo-output', 'results.csv'),
    environment: process.env,
    log,
  });
  let exitCode = INTERRUPTED_EXIT_CODE;
  let keepLogs = true;
  try {
    const ui = demo.stack.endpoints.temporal?.uiUrl;
    if (ui !== undefined) log(`Temporal Web UI: ${ui}`);
    const summary = await Promise.race([demo.run(), stopped]);
    if (summary !== 'stop') {
      for (const line of describeSummary(summary)) log(line);
      if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(summary, null, 2)}\n`);
      exitCode = summary.differences.length === 0 ? 0 : 1;
      keepLogs = exitCode !== 0;
      if (args.keep) await keepUntil(stopped, demo, ui, log);
      else if (ui !== undefined) log('Run it with --keep to look around in the Web UI afterwards.');
    }
  } finally {
    await demo.stop();
    if (keepLogs) log(`Logs: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
  return exitCode;
}

async function keepUntil(
  stopped: Promise<unknown>,
  demo: RunningDemo,
  ui: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  const envFile = claimStackEnvFile(join(projectRoot(), '.stack.env'));
  try {
    envFile.write(demo.env);
    log(
      `\nStill running; \`npx vachan\` finds it through .stack.env${ui === undefined ? '' : `, the Web UI is at ${ui}`}.`,
    );
    log('Ctrl-C ends everything.');
    await stopped;
  } finally {
    envFile.release();
  }
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
