import type { ByteBudget } from '../../../platform/byte-budget.js';
import type { ArchiveLimits } from '../archive/archive-limits.js';
import type { RandomAccess } from '../archive/random-access.js';
import type { JobRef } from '../contract/job-ref.js';
import type { ListedFile } from '../contract/listed-file.js';
import type { Uploader } from '../upload/uploader.js';
import type { JudgeDependencies } from './judge-entries.js';

/** What the work on a file is done with; one of each a process. */
export interface FileWorkDependencies extends JudgeDependencies {
  /** @throws FileRefused, ApiUnavailable, DependencyUnavailable */
  open(job: JobRef, file: ListedFile, signal?: AbortSignal): Promise<OpenedFile>;
  uploader: Uploader;
  budget: ByteBudget;
  limits: ArchiveLimits;
}

/** A file of an export, wherever its bytes are. */
export interface OpenedFile extends RandomAccess {
  /** Bytes so far. */
  downloaded(): number;
  /** Whether all of its bytes were held against the listing's checksum. */
  readonly isWholeChecked: boolean;
  /** Called once nothing of the file is read any more: what is kept of it can go. */
  settled(): Promise<void>;
}

/**
 * Where a piece of work takes bytes of the budget. Who holds some waits at a higher rank only; the uploader's are above
 * these.
 */
export const BUDGET_RANKS = { directory: 0, content: 1 } as const;
