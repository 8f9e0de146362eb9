/** `npm run fuzz [-- audio|zip|media --quick --files N --seed S --json FILE]`: damaged recordings, archives or media of interviews. */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Argument } from 'commander';
import { outputFile, toolCommand, wholeNumber } from '../command-line.js';

/** What is asked for on the command line. */
export interface FuzzArguments {
  quick: boolean;
  files?: number;
  seed: number;
}

/** Of one kind of files. @returns a report for `--json`; `ok` is false when a promise was broken */
export type Fuzz = (asked: FuzzArguments, print: (line: string) => void) => Promise<{ ok: boolean }>;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const FUZZES = {
  audio: async () => (await import('./audio/fuzz-audio.js')).fuzzAudio,
  zip: async () => (await import('./zip/fuzz-zip.js')).fuzzZip,
  media: async () => (await import('./media/fuzz-media.js')).fuzzMedia,
} satisfies Record<string, () => Promise<Fuzz>>;

async function main(): Promise<void> {
  const command = toolCommand('npm run fuzz --')
    .description(
      'Sends damaged recordings through the audio pool, archives through the ZIP reader, or media through the media pool.',
    )
    .addArgument(
      new Argument('[what]', 'what is damaged').choices(['audio', 'zip', 'media']).default('audio'),
    )
    .option('--quick', 'so many as fit in 40 s', false)
    .option('--files <count>', 'damaged files (6000 recordings, 20000 archives, 1000 media)', wholeNumber(1))
    .option('--seed <number>', 'the same seed gives the same files', wholeNumber(0), randomInt(2 ** 31))
    .option('--json <file>', 'write the report there as JSON', outputFile)
    .parse();
  const { json, ...asked } = command.opts<FuzzArguments & { json?: string }>();
  const fuzz = await FUZZES[command.processedArgs[0] as keyof typeof FUZZES]();
  const report = await fuzz(asked, print);
  print(report.ok ? 'ok' : 'FAILED');
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
