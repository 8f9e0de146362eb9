import { join } from 'node:path';
import { projectRoot } from '../../stack/folders.js';
import { printEnds, printFindings } from '../finding.js';
import type { Fuzz } from '../main.js';
import type { Original } from '../mutations.js';
import { originalsIn } from '../originals-in.js';
import { MOST_READER_MB, runZipFuzz } from './run-zip-fuzz.js';

/** Twenty of each mutation on each original, about. */
const FILES = 20_000;
/** Leaves time for the start, so that all of it takes 40 s. */
const QUICK_DEADLINE_MS = 35_000;

/** Damaged archives of every kind through the ZIP reader, with zip.js and Python's zipfile as oracles. */
export const fuzzZip: Fuzz = async ({ quick, files = FILES, seed }, print) => {
  const root = projectRoot();
  const originals = await readArchives(join(root, 'test', 'fixtures', 'zip'));
  print(`Seed ${seed}: up to ${files} damaged archives made of ${originals.length}.`);
  const report = await runZipFuzz({
    originals,
    seed,
    files,
    findingsFolder: join(root, '.cache', 'fuzz'),
    ...(quick && { deadlineMs: QUICK_DEADLINE_MS }),
    onProgress: (done) => {
      if (done % 2_000 === 0) print(`  ${done} archives`);
    },
  });
  print(`\n${report.files} archives in ${report.seconds.toFixed(1)} s (seed ${report.seed})`);
  printEnds(print, report.ends);
  const { accepted, refused, disputed } = report.entries;
  print(`Entries: ${accepted} accepted (${disputed} of them by one oracle alone), ${refused} refused`);
  print(
    `Slowest archive ${(report.slowestMs / 1_000).toFixed(2)} s; reader's process at most ${report.peakMb.toFixed(0)} MB of ${MOST_READER_MB}`,
  );
  printFindings(print, 'Ended in no outcome', report.broken);
  printFindings(print, 'Accepted, and refused by both oracles', report.lax);
  return report;
};

export function readArchives(folder: string): Promise<Original[]> {
  return originalsIn(folder, ['.zip']);
}
