import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ZIP_FIXTURES = join(__dirname, '..', '..', '..', 'fixtures', 'zip');

/** An archive and its right outcome, a line of `cases.tsv`. */
export interface ZipCase {
  file: string;
  /** `ok:N …`, `entry-reject:…` or `archive-reject:…`, in words. */
  outcome: string;
  about: string;
  /** Codes of which one is right; none where it is read. */
  reasons: string[];
}

export function zipCases(): ZipCase[] {
  return readFileSync(join(ZIP_FIXTURES, 'cases.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [file, , outcome, about, reasons] = line.split('\t');
      return { file: file!, outcome: outcome!, about: about!, reasons: reasons ? reasons.split('|') : [] };
    });
}
