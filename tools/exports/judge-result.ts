import type { ExportResult } from '#vachan/pipelines/exports/contract/result.js';
import type { ExportsVerdict } from './complaints.js';
import type { FoundJob } from './read-world.js';
import type { SeededJob } from './seeded-job.js';
import { filesOf } from './truth.js';

/** How a job ended, and whether its sums are those of its lists. */
export function judgeResult(job: SeededJob, found: FoundJob, { wrong }: ExportsVerdict): void {
  const { manifest, rejects, missing } = found;
  const result = found.result!;
  const same = (what: string, has: unknown, wanted: unknown): void => {
    if (JSON.stringify(has) !== JSON.stringify(wanted))
      wrong.push(`${what}: ${JSON.stringify(has)} instead of ${JSON.stringify(wanted)}`);
  };
  if (result.state !== job.orState) same('state', [result.state, result.reason], [job.state, job.reason]);
  // A duplicate of a message for a job that failed tries it again.
  if (job.state !== 'failed' || result.attempt < job.attempt) same('attempt', result.attempt, job.attempt);
  if (result.state === 'succeeded' && rejects.length + missing.length > 0)
    wrong.push(`it succeeded with ${rejects.length} refusals and ${missing.length} missing rows`);

  const refused = rejects.filter(({ entry }) => entry !== null);
  const { uploaded, skipped_equal: equal, rejected } = result.entries;
  same('entries uploaded', uploaded, manifest.filter(({ outcome }) => outcome === 'uploaded').length);
  same('entries in place', uploaded + equal, manifest.length);
  same('entries rejected', rejected, refused.length);
  same('entries missing', result.entries.missing, missing.length);
  same(
    'rejected by reason',
    sorted(result.rejected_by_reason),
    sorted(countBy(refused.map(({ reason }) => reason))),
  );
  if (result.state === 'cancelled') return;
  const files = filesOf(job);
  const failed = files.filter(({ expected }) => expected !== 'settled').length;
  same('files', filesFrom(result), [files.length, files.length - failed, failed]);
}

const filesFrom = ({ files }: ExportResult): number[] => [files.listed, files.settled, files.failed];

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const sorted = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts).sort();
