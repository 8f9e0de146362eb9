import { openArchive, type Archive } from '../archive/archive.js';
import type { EntryRow, Fragment } from '../contract/fragment.js';
import type { JobRef } from '../contract/job-ref.js';
import type { ListedFile } from '../contract/listed-file.js';
import { ArchiveChanged, FileRefused } from '../errors.js';
import type { UploadControls } from '../upload/uploader.js';
import { createEntryOutcomes, type EntryOutcomes } from './entry-outcomes.js';
import { BUDGET_RANKS, type FileWorkDependencies } from './file-work.js';
import { fragmentOf } from './fragment-of.js';
import { judgeEntries } from './judge-entries.js';
import { uploadEntries } from './upload-entries.js';
import { createWorkMeter, meteredAccess, type WorkMeter } from './work-meter.js';

/** A file that needs no more work, to be written down. */
export interface SettledFile {
  fragment: Fragment;
  /** In the order of the archive's directory. */
  rows: Iterable<EntryRow>;
}

/**
 * Settles one file of an export: opens its link, reads its archive's directory, holds the entries against the metadata
 * and uploads those that match. Whatever is wrong with the file or with an entry is in the fragment.
 *
 * @throws UploadYielded when it was asked to stop; ApiUnavailable, DependencyUnavailable when trying again can help. Called
 *   again, it goes on from what is in place and recorded
 */
export type SettleFile = (job: JobRef, file: ListedFile, controls: UploadControls) => Promise<SettledFile>;

/** What survives when the archive is opened again. */
interface FileProgress {
  meter: WorkMeter;
  size?: number;
  isWholeChecked?: boolean;
  /** Of the archive with this digest. */
  digest?: string;
  outcomes?: EntryOutcomes;
  /** How often the directory became another one. */
  changes: number;
  /** Parts and entries done so far, for the next one. */
  steps: number;
  stepsAtLastOpening: number;
  /** Openings one after the other that brought nothing. */
  idleOpenings: number;
}

/** One change begins the file again; a second one says that it is not to be had whole. */
const MOST_CHANGES = 1;
/** A server that names its bytes anew at every request would be asked for ever. */
const MOST_IDLE_OPENINGS = 3;

export function createFileWork(dependencies: FileWorkDependencies): SettleFile {
  return async (job, file, controls) => {
    const started = performance.now();
    const progress: FileProgress = {
      meter: createWorkMeter(),
      changes: 0,
      steps: 0,
      stepsAtLastOpening: 0,
      idleOpenings: 0,
    };
    const counted: UploadControls = {
      signal: controls.signal,
      shouldYield: () => controls.shouldYield(),
      onProgress: (bytes) => {
        progress.steps++;
        controls.onProgress(bytes);
      },
    };
    const settled = (refused?: FileRefused): SettledFile => ({
      fragment: fragmentOf(
        file,
        {
          size: progress.size,
          isWholeChecked: progress.isWholeChecked,
          outcomes: progress.outcomes,
          meter: progress.meter,
          totalSeconds: (performance.now() - started) / 1_000,
          settledAt: new Date(),
        },
        refused,
      ),
      rows: progress.outcomes?.rows ?? [],
    });
    for (;;) {
      try {
        await workThrough(dependencies, job, file, counted, progress);
        return settled();
      } catch (error) {
        if (error instanceof FileRefused) return settled(error);
        if (!(error instanceof ArchiveChanged)) throw error;
        if (isIdle(progress)) return settled(changed());
      }
    }
  };
}

/** Opens the file and settles what is left of it. @throws ArchiveChanged when it has to be opened again */
async function workThrough(
  dependencies: FileWorkDependencies,
  job: JobRef,
  file: ListedFile,
  controls: UploadControls,
  progress: FileProgress,
): Promise<void> {
  const { limits, uploader, budget } = dependencies;
  const { meter } = progress;
  const { signal } = controls;
  const source = await dependencies.open(job, asListed(file, progress), signal);
  const holds: { release(): void }[] = [];
  try {
    progress.size = source.size;
    progress.isWholeChecked = source.isWholeChecked;
    const archive = await openArchive(meteredAccess(source, meter), limits, signal, async (bytes) => {
      holds.push(await budget.take(bytes, { rank: BUDGET_RANKS.directory, signal }));
    });
    const outcomes = outcomesOf(dependencies, job, archive, progress);
    await uploadEntries(
      { job, ordinal: file.ordinal, source, archive, outcomes, meter, uploader, budget, controls },
      judgeEntries(dependencies, job, archive, { skip: outcomes.isSettled, signal }),
    );
    await source.settled();
  } catch (error) {
    if (error instanceof FileRefused) await source.settled();
    throw error;
  } finally {
    meter.bytes.downloaded += source.downloaded();
    for (const hold of holds) hold.release();
    await source.close();
  }
}

/** Once it was read as it was listed, a file that another one has taken the place of is not the one of the listing any more. */
function asListed(file: ListedFile, { digest }: FileProgress): ListedFile {
  const { ordinal, file_id, name } = file;
  return digest === undefined ? file : { ordinal, file_id, name };
}

/** Those of before, where the directory is the same: whatever else the server calls its bytes, they are the same entries. */
function outcomesOf(
  { keyOf }: FileWorkDependencies,
  job: JobRef,
  archive: Archive,
  progress: FileProgress,
): EntryOutcomes {
  if (progress.outcomes && progress.digest === archive.directoryDigest) return progress.outcomes;
  if (progress.digest !== undefined) {
    progress.changes++;
    if (progress.changes > MOST_CHANGES) throw changed();
  }
  progress.digest = archive.directoryDigest;
  progress.outcomes = createEntryOutcomes(archive, (name) => keyOf(job, name).key);
  return progress.outcomes;
}

/** Told before each further opening. */
function isIdle(progress: FileProgress): boolean {
  const brought = progress.steps > progress.stepsAtLastOpening;
  progress.stepsAtLastOpening = progress.steps;
  progress.idleOpenings = brought ? 0 : progress.idleOpenings + 1;
  return progress.idleOpenings > MOST_IDLE_OPENINGS;
}

function changed(): FileRefused {
  return new FileRefused('changed', 'The archive became another one again while it was read.');
}
