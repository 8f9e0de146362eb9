import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { toolCommand, wholeNumber } from './command-line.js';
import { DEMO_TEST_DATE, describeSeeded, seedDemoNight, withStackClients } from './demo/demo-night.js';
import { FEWEST_RECORDS } from './demo/night.js';
import { cacheFolder, projectRoot } from './stack/folders.js';
import { claimStackEnvFile, type StackEnvFile } from './stack/stack-env-file.js';
import { startStack, type Stack } from './stack/start-stack.js';

/** `npm run stack`: servers for development, until Ctrl-C. */
async function main(): Promise<void> {
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const options = toolCommand('npm run stack --')
    .description('Starts Temporal, SQS, S3 and MongoDB on this machine, and stays until Ctrl-C.')
    .option('--postgres', 'start Postgres too, and make it the source of recordings', false)
    .option(
      '--records <count>',
      `fill the source with a made-up night of ${DEMO_TEST_DATE}`,
      wholeNumber(FEWEST_RECORDS),
    )
    .addHelpText('after', '\nExamples:\n  npm run stack\n  npm run stack -- --postgres --records 200')
    .parse()
    .opts<{ postgres: boolean; records?: number }>();
  const stopRequested = firstStopSignal();
  const envFile = claimStackEnvFile(join(projectRoot(), '.stack.env'));
  try {
    const folder = join(cacheFolder(process.env), 'stack');
    // SQS and S3 forget with their process, so the databases start empty as well.
    rmSync(folder, { recursive: true, force: true });
    const started = Date.now();
    const log = (line: string): void => console.log(line);
    const stack = await startStack({ folder, postgres: options.postgres, usualPorts: true, log });
    try {
      if (options.records !== undefined) await seed(stack, options.records);
      announce(stack, envFile, folder, Date.now() - started);
      await stopRequested;
      console.log('\nStopping…');
    } finally {
      await stack.stop();
    }
    console.log('Stopped; no process is left.');
  } finally {
    envFile.release();
  }
}

async function seed(stack: Stack, records: number): Promise<void> {
  const ledger = await withStackClients(stack, (clients) => seedDemoNight(stack, clients, records));
  console.log(`Seeded the night of ${DEMO_TEST_DATE}: ${describeSeeded(ledger)}.`);
}

function announce(stack: Stack, envFile: StackEnvFile, folder: string, milliseconds: number): void {
  const { temporal, aws, mongo, postgres } = stack.endpoints;
  envFile.write(stack.env);
  const rows: [string, string | undefined][] = [
    ['Temporal', temporal && `${temporal.address}, namespace ${temporal.namespace}`],
    ['Temporal Web UI', temporal?.uiUrl],
    ['SQS queue', aws.queueUrl],
    ['  dead-letter messages', aws.deadLetterQueueUrl],
    ['S3', `${aws.endpointUrl}, bucket ${aws.bucket}`],
    ['MongoDB', `${mongo.uri}, database ${mongo.database}`],
    ['Postgres', postgres && `${postgres.dsn}, table ${postgres.schema}.${postgres.table}`],
    ['CSV', stack.env['CSV_OUTPUT_PATH']],
    ['Data and logs', folder],
  ];
  console.log(`The stack is up (${(milliseconds / 1000).toFixed(1)} s):\n`);
  for (const [name, value] of rows) {
    if (value !== undefined) console.log(`  ${name.padEnd(16)} ${value}`);
  }
  console.log(
    `\nCame by: ${Object.entries(stack.how)
      .map(([name, way]) => `${name} by ${way}`)
      .join('; ')}`,
  );
  console.log('\n.stack.env tells `npm run worker` and `npx vachan` where it is. Ctrl-C ends everything.');
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
