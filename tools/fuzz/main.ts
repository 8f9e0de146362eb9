/** `npm run fuzz [-- --quick --files N --seed S --json FILE]`: damaged recordings of every format through the audio pool. */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { usableCores } from '#vachan/platform/cores.js';
import { outputFile, toolCommand, wholeNumber } from '../command-line.js';
import { projectRoot } from '../stack/folders.js';
import { readOriginals, runFuzz, type Finding, type FuzzReport } from './run-fuzz.js';

const root = projectRoot();
/** Two of each mutation on each original, about. */
const FILES = 6_000;
const QUICK_FILES = 1_500;
/** Leaves time for the start and the comparison at the end, so that all of it takes 40 s. */
const QUICK_DEADLINE_MS = 28_000;

interface FuzzArguments {
  quick: boolean;
  files?: number;
  seed: number;
  json?: string;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const values = toolCommand('npm run fuzz --')
    .description('Sends damaged recordings of every format through the audio pool.')
    .option('--quick', 'so many as fit in 40 s', false)
    .option('--files <count>', `damaged files (${FILES})`, wholeNumber(1))
    .option('--seed <number>', 'the same seed gives the same files', wholeNumber(0), randomInt(2 ** 31))
    .option('--json <file>', 'write the report there as JSON', outputFile)
    .parse()
    .opts<FuzzArguments>();
  const { seed } = values;
  const files = values.files ?? (values.quick ? QUICK_FILES : FILES);
  const originals = await readOriginals([
    join(root, 'test', 'fixtures', 'audio', 'files'),
    join(root, 'samples'),
  ]);
  print(`Seed ${seed}: up to ${files} damaged files made of ${originals.length} recordings.`);
  const report = await runFuzz({
    originals,
    seed,
    files,
    poolSize: usableCores(),
    findingsFolder: join(root, '.cache', 'fuzz'),
    ...(values.quick && { deadlineMs: QUICK_DEADLINE_MS }),
    onProgress: (done) => {
      if (done % 500 === 0) print(`  ${done} files`);
    },
  });
  show(report);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

function show(report: FuzzReport): void {
  print(`\n${report.files} files in ${report.seconds.toFixed(1)} s (seed ${report.seed})`);
  for (const [end, count] of Object.entries(report.ends).sort(([, a], [, b]) => b - a)) {
    print(`  ${String(count).padStart(6)}  ${end}`);
  }
  print(
    `Slowest file ${(report.slowestMs / 1_000).toFixed(2)} s; largest process ${report.peakMemberMb.toFixed(0)} MB`,
  );
  const list = (title: string, findings: readonly Finding[]): void => {
    print(`${title}: ${findings.length}`);
    for (const { label, what, keptAt } of findings) print(`  ${label}: ${what}\n    kept as ${keptAt}`);
  };
  list('Cost their process, and only that', report.lostMembers);
  list('Ended in neither finite features nor a named error', report.broken);
  if (report.leftBehind.length > 0) print(`Left in the scratch folder: ${report.leftBehind.join(', ')}`);
  print(report.ok ? 'ok' : 'FAILED');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
