import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import { inspectArchive } from '../../../../src/pipelines/exports/archive/inspect-archive.js';
import { zipCases, ZIP_FIXTURES } from './cases.js';

test.each(zipCases())('$file: $outcome', async ({ file, outcome, reasons }) => {
  const { reason, entries } = await inspectArchive(bytesAccess(readFileSync(join(ZIP_FIXTURES, file))));
  const files = entries.filter(({ directory, refusal }) => !directory || refusal);
  const refused = files.flatMap(({ refusal }) => (refusal ? [refusal.reason] : []));
  if (reasons.length === 0) {
    const count = Number(/ok:(\d+)/.exec(outcome)![1]);
    expect({ reason, refused, files: files.length }).toEqual({
      reason: undefined,
      refused: [],
      files: count,
    });
  } else if (outcome.startsWith('archive-reject')) {
    expect(reasons).toContain(reason);
    expect(entries).toEqual([]);
  } else {
    expect(reason).toBeUndefined();
    expect(refused).not.toEqual([]);
    for (const each of refused) expect(reasons).toContain(each);
  }
});
