import { join } from 'node:path';
import { usableCores } from '#vachan/platform/cores.js';
import { projectRoot } from '../../stack/folders.js';
import type { Fuzz } from '../main.js';
import { printPoolReport } from '../pool-fuzz.js';
import { readOriginals, runAudioFuzz } from './run-audio-fuzz.js';

/** Two of each mutation on each original, about. */
const FILES = 6_000;
const QUICK_FILES = 1_500;
/** Leaves time for the start and the comparison at the end, so that all of it takes 40 s. */
const QUICK_DEADLINE_MS = 28_000;

/** Damaged recordings of every format through the audio pool. */
export const fuzzAudio: Fuzz = async ({ quick, files = quick ? QUICK_FILES : FILES, seed }, print) => {
  const root = projectRoot();
  const originals = await readOriginals([
    join(root, 'test', 'fixtures', 'audio', 'files'),
    join(root, 'samples'),
  ]);
  print(`Seed ${seed}: up to ${files} damaged files made of ${originals.length} recordings.`);
  const report = await runAudioFuzz({
    originals,
    seed,
    files,
    poolSize: usableCores(),
    findingsFolder: join(root, '.cache', 'fuzz'),
    ...(quick && { deadlineMs: QUICK_DEADLINE_MS }),
    onProgress: (done) => {
      if (done % 500 === 0) print(`  ${done} files`);
    },
  });
  printPoolReport(print, report, 'Ended in neither finite features nor a named error');
  if (report.leftBehind.length > 0) print(`Left in the scratch folder: ${report.leftBehind.join(', ')}`);
  return report;
};
