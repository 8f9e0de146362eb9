import { join } from 'node:path';
import { usableCores } from '#vachan/platform/cores.js';
import { projectRoot } from '../../stack/folders.js';
import type { Fuzz } from '../main.js';
import { printPoolReport } from '../pool-fuzz.js';
import { readMediaOriginals, runMediaFuzz } from './run-media-fuzz.js';

const FILES = 1_000;
const QUICK_FILES = 150;
const QUICK_DEADLINE_MS = 35_000;
/** All of the shared files but for the longest video, each of whose mutants takes as long as ten others. */
const MOST_BYTES = 800_000;

/** Damaged media of interviews through the media pool. */
export const fuzzMedia: Fuzz = async ({ quick, files = quick ? QUICK_FILES : FILES, seed }, print) => {
  const root = projectRoot();
  const fixtures = join(root, 'test', 'fixtures');
  const folders = [
    join(fixtures, 'interviews'),
    join(fixtures, 'interviews', 'labelled'),
    // Sound in every container that there is.
    join(fixtures, 'audio', 'files'),
  ];
  const originals = (
    await Promise.all(folders.map((folder) => readMediaOriginals(folder, MOST_BYTES)))
  ).flat();
  print(`Seed ${seed}: up to ${files} damaged files made of ${originals.length} media.`);
  const report = await runMediaFuzz({
    originals,
    models: join(root, 'models'),
    seed,
    files,
    poolSize: usableCores(),
    findingsFolder: join(root, '.cache', 'fuzz'),
    ...(quick && { deadlineMs: QUICK_DEADLINE_MS }),
    onProgress: (done) => {
      if (done % 100 === 0) print(`  ${done} files`);
    },
  });
  printPoolReport(
    print,
    report,
    'Ended in neither finite measures nor a refusal, or touched what it may not',
  );
  return report;
};
