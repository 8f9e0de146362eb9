import { join } from 'node:path';
import { number, outputFile, toolCommand, wholeNumber } from '../../command-line.js';
import { repeatable } from '../arguments.js';
import { projectRoot } from '../../stack/folders.js';
import { isSound } from '../recordings/report.js';
import { startServers } from '../recordings/servers.js';
import { commandUnderFire, type UnderFireArguments } from '../under-fire.js';
import { runSoak } from './run-soak.js';
import { describeSoak, notFlat } from './soak-report.js';

interface SoakArguments extends UnderFireArguments {
  minutes: number;
  perMinute: number;
  seed: number;
  gap: number;
}

/** A sound message must outlive every fault of an hour. */
const MAX_RECEIVES = 12;
const WORKERS = 2;

const args = toolCommand('npm run soak --')
  .description(
    'Scores recordings that arrive steadily, with a fault now and then, and watches that nothing grows.',
  )
  .option('--minutes <minutes>', 'how long they arrive', number(0.2), 60)
  .option('--per-minute <count>', 'recordings that arrive', wholeNumber(1), 60)
  .option('--seed <number>', 'the same seed gives the same schedule of faults', wholeNumber(0), 1)
  .option('--gap <seconds>', 'between two faults, on average', number(1), 60)
  .option('--json <file>', 'write the report there as JSON, with every sample', outputFile)
  .option('--markdown <file>', 'write the report there as Markdown', outputFile)
  .option('--folder <folder>', "for the servers' data and all logs; kept when the soak fails")
  .addHelpText('after', '\nExample:\n  npm run soak -- --minutes 60 --markdown soak.md')
  .parse()
  .opts<SoakArguments>();

// Sound only when every series is flat, too.
commandUnderFire(args, {
  name: 'soak',
  startServers,
  run: async ({ servers, held, folder, environment, log }) => {
    const report = await runSoak(
      {
        ...{ minutes: args.minutes, perMinute: args.perMinute, seed: args.seed, gapSeconds: args.gap },
        ...{ workers: WORKERS, maxReceiveCount: MAX_RECEIVES, settings: {} },
        ...{ distFolder: join(projectRoot(), 'dist'), folder, environment, log },
        command: repeatable('soak', process.argv.slice(2)),
      },
      servers,
      held,
    );
    const markdown = describeSoak(report);
    return {
      ...{ report, markdown },
      lines: [markdown, ...report.complaints.map((complaint) => `  - ${complaint}`)],
      isSound: isSound(report) && notFlat(report).length === 0,
    };
  },
});
