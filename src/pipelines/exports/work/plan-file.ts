import { openArchive } from '../archive/archive.js';
import type { Refusal } from '../archive/archive-entry.js';
import type { JobRef } from '../contract/job-ref.js';
import type { ListedFile } from '../contract/listed-file.js';
import type { FileWorkDependencies } from './file-work.js';
import { judgeEntries } from './judge-entries.js';

/** What would become of an entry, as far as it can be told without its content. */
export type PlannedEntry = { entry: string; size: number; crc32: number } & (
  { key: string; refusal?: undefined } | { key?: undefined; refusal: Refusal }
);

export type PlanFile = (job: JobRef, file: ListedFile, signal?: AbortSignal) => AsyncIterable<PlannedEntry>;

/** A dry run: reads the directory and the metadata, and nothing else. @throws as `SettleFile`, and FileRefused */
export function createFilePlan(
  dependencies: Pick<FileWorkDependencies, 'open' | 'metadata' | 'keyOf' | 'limits'>,
): PlanFile {
  return async function* (job, file, signal) {
    const source = await dependencies.open(job, file, signal);
    try {
      const archive = await openArchive(source, dependencies.limits, signal);
      for await (const batch of judgeEntries(dependencies, job, archive, { ...(signal && { signal }) })) {
        for (const judgement of batch) {
          const { shownName: entry, size, crc32 } = judgement.entry;
          yield judgement.wanted
            ? { entry, size, crc32, key: judgement.key }
            : { entry, size, crc32, refusal: judgement.refusal };
        }
      }
    } finally {
      await source.close();
    }
  };
}
