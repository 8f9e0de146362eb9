import type { ExportsVerdict } from './complaints.js';
import type { FoundJob } from './read-world.js';
import type { SeededEntry, SeededFile } from './seeded-job.js';

/** Each refusal for one of the reasons that fit, once, and no other. */
export function judgeRejects(
  files: readonly SeededFile[],
  isBeaten: (entry: SeededEntry) => boolean,
  { rejects }: FoundJob,
  { lost, wrong }: ExportsVerdict,
): void {
  const left = rejects.map(({ file_id: fileId, entry, reason }) => ({ fileId, entry, reason }));
  const take = (fileId: string, name: string | null, reasons: readonly string[]): void => {
    const index = left.findIndex(
      (one) =>
        one.fileId === fileId &&
        // Of a refused entry the escaped name is told: which one it is, its file and reason say well enough.
        (one.entry === null) === (name === null) &&
        reasons.includes(one.reason),
    );
    if (index >= 0) left.splice(index, 1);
    else
      lost.push(
        `${fileId} ${name === null ? '' : `${JSON.stringify(name)} `}was not refused as ${reasons.join(' or ')}`,
      );
  };
  for (const { id, expected, entries } of files) {
    if (expected !== 'settled') {
      take(id, null, expected);
      continue;
    }
    for (const entry of entries) {
      if (typeof entry.expected !== 'string') take(id, entry.name, entry.expected);
      else if (isBeaten(entry)) take(id, entry.name, ['key_taken']);
    }
  }
  for (const { fileId, entry, reason } of left)
    wrong.push(`${fileId} ${entry === null ? '' : `${JSON.stringify(entry)} `}was refused as ${reason}`);
}
