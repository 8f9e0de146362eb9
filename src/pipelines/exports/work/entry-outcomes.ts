import type { Archive } from '../archive/archive.js';
import type { ArchiveEntry, Refusal } from '../archive/archive-entry.js';
import { crcText } from '../archive/entry-content.js';
import type { EntryRow, FragmentEntries } from '../contract/fragment.js';
import type { EntryReason } from '../contract/reasons.js';

/**
 * What became of each entry of an archive, in a byte an entry and what cannot be told from the directory: rows are made
 * from it at the end.
 */
export interface EntryOutcomes {
  readonly isSettled: (n: number) => boolean;
  /** @param targetKey where its metadata names one; else its key is the usual one */
  placed(n: number, outcome: 'uploaded' | 'skipped_equal', targetKey?: string): void;
  /** @param matched true where its metadata fits */
  rejected(n: number, refusal: Refusal, matched: boolean): void;
  /** Of the entries settled so far, which are all of them once the file is. */
  readonly entries: FragmentEntries;
  readonly rejectedByReason: Partial<Record<EntryReason, number>>;
  /** In the directory's order; files that are not settled have none. */
  readonly rows: Iterable<EntryRow>;
}

const STATES = { pending: 0, uploaded: 1, skipped_equal: 2, rejected: 3 } as const;

/** @param usualKey of an entry whose metadata names no target; other keys are kept */
export function createEntryOutcomes(
  archive: Archive,
  usualKey: (name: string) => string | undefined,
): EntryOutcomes {
  const states = new Uint8Array(archive.count);
  const keys = new Map<number, string>();
  const refusals = new Map<number, Refusal>();
  const entries: FragmentEntries = { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0 };
  const rejectedByReason: Partial<Record<EntryReason, number>> = {};
  const settle = (n: number, state: keyof typeof STATES, counted: (keyof FragmentEntries)[]): void => {
    if (states[n] !== STATES.pending) throw new Error(`Entry ${n} is settled twice.`);
    states[n] = STATES[state];
    for (const count of ['seen', ...counted] as const) entries[count]++;
  };

  function rowOf(entry: ArchiveEntry): EntryRow | undefined {
    switch (states[entry.n]) {
      case STATES.uploaded:
      case STATES.skipped_equal:
        return {
          outcome: states[entry.n] === STATES.uploaded ? 'uploaded' : 'skipped_equal',
          entry: entry.name,
          key: keys.get(entry.n) ?? usualKey(entry.name)!,
          size: entry.size,
          crc32: crcText(entry.crc32),
        };
      case STATES.rejected: {
        const { reason, detail, stated, found } = refusals.get(entry.n)!;
        return {
          outcome: 'rejected',
          entry: entry.shownName,
          reason,
          detail,
          ...(stated !== undefined && { stated }),
          ...(found !== undefined && { found }),
        };
      }
      default:
        return entry.directory && !entry.refusal ? { outcome: 'directory', entry: entry.name } : undefined;
    }
  }

  return {
    isSettled: (n) => states[n] !== STATES.pending,
    placed(n, outcome, targetKey) {
      settle(n, outcome, ['matched', outcome]);
      if (targetKey !== undefined) keys.set(n, targetKey);
    },
    rejected(n, refusal, matched) {
      settle(n, 'rejected', matched ? ['matched', 'rejected'] : ['rejected']);
      refusals.set(n, refusal);
      rejectedByReason[refusal.reason] = (rejectedByReason[refusal.reason] ?? 0) + 1;
    },
    entries,
    rejectedByReason,
    rows: {
      *[Symbol.iterator]() {
        for (const entry of archive.entries()) {
          const row = rowOf(entry);
          if (row) yield row;
        }
      },
    },
  };
}
