import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { toolCommand, wholeNumber } from './command-line.js';
import { DEMO_TEST_DATE } from './demo/seed-demo.js';
import { FEWEST_RECORDS } from './demo/seed-plan.js';
import { cacheFolder, projectRoot } from './stack/folders.js';
import { claimStackEnvFile } from './stack/stack-env-file.js';
import { serveExports } from './stack-for-people/serve-exports.js';
import { serveInterviews } from './stack-for-people/serve-interviews.js';
import { serveRecordings } from './stack-for-people/serve-recordings.js';
import type { ServedStack } from './stack-for-people/served-stack.js';

/** `npm run stack`: servers for development, until Ctrl-C. */
async function main(): Promise<void> {
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { exports, interviews, postgres, records } = toolCommand('npm run stack --')
    .description('Starts Temporal, SQS, S3 and MongoDB on this machine, and stays until Ctrl-C.')
    .option('--postgres', 'start Postgres too, and make it the source of recordings', false)
    .option(
      '--records <count>',
      `fill the source with made-up recordings of ${DEMO_TEST_DATE}`,
      wholeNumber(FEWEST_RECORDS),
    )
    .addOption(
      new Option(
        '--exports',
        'start what exports need instead: Temporal, SQS, S3, DynamoDB and an Export API',
      )
        .default(false)
        .conflicts(['postgres', 'records', 'interviews']),
    )
    .addOption(
      new Option(
        '--interviews',
        'start what interviews need instead: Temporal, SQS, S3, MongoDB and a receiver of webhooks',
      )
        .default(false)
        .conflicts(['postgres', 'records']),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  npm run stack\n  npm run stack -- --postgres --records 200\n  npm run stack -- --exports\n  npm run stack -- --interviews',
    )
    .parse()
    .opts<{ exports: boolean; interviews: boolean; postgres: boolean; records?: number }>();
  const stopRequested = firstStopSignal();
  const envFile = claimStackEnvFile(join(projectRoot(), '.stack.env'));
  try {
    const folder = join(cacheFolder(process.env), 'stack');
    // Most of these servers forget with their process, so the databases start empty as well.
    rmSync(folder, { recursive: true, force: true });
    const started = Date.now();
    const log = (line: string): void => console.log(line);
    const stack = exports
      ? await serveExports({ folder, log })
      : interviews
        ? await serveInterviews({ folder, log })
        : await serveRecordings({ folder, log, postgres, records });
    try {
      envFile.write(stack.env);
      announce(stack, folder, Date.now() - started);
      await stopRequested;
      console.log('\nStopping…');
    } finally {
      await stack.stop();
    }
    // Where the stack did not start or end, its logs stay to be read.
    rmSync(folder, { recursive: true, force: true });
    console.log('Stopped; no process is left.');
  } finally {
    envFile.release();
  }
}

function announce({ rows, how, hint }: ServedStack, folder: string, milliseconds: number): void {
  console.log(`The stack is up (${(milliseconds / 1000).toFixed(1)} s):\n`);
  for (const [name, value] of [...rows, ['Data and logs', folder] as const]) {
    if (value !== undefined) console.log(`  ${name.padEnd(16)} ${value}`);
  }
  console.log(
    `\nCame by: ${Object.entries(how)
      .map(([name, way]) => `${name} by ${way}`)
      .join('; ')}`,
  );
  console.log(`\n${hint} Ctrl-C ends everything.`);
}

/** Resolves at the first signal to stop; later ones are swallowed, so that stopping in order is not cut short. */
function firstStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
