import pLimit from 'p-limit';
import { wait } from '../platform/time/wait.js';
import { backoffMs } from './backoff.js';

/** SQS takes at most ten entries a call. */
export const MAX_ENTRIES_PER_CALL = 10;

/** One entry that a batch call refused; `index` is its place in the caller's list. */
export interface EntryFailure {
  index: number;
  code: string;
  reason: string;
  /** Sending the same entry again cannot help. */
  final: boolean;
}

export interface EntryBatchOptions<Entry> {
  entries: readonly Entry[];
  /** Weighs an entry in bytes; a call's entries stay within `maxBytesPerCall` together. */
  bytesOf?: (entry: Entry) => number;
  maxBytesPerCall?: number;
  /** Calls under way at once; 1 keeps the order. */
  concurrency: number;
  attempts: number;
  /** One call; entries missing from the answer went through. Throws only what ends the whole operation. */
  call: (entries: readonly { index: number; entry: Entry }[]) => Promise<EntryFailure[]>;
  signal?: AbortSignal | undefined;
}

/**
 * Hands entries over in calls of ten. Of each call only the entries that failed are sent again, alone, after a
 * full-jitter backoff, until `attempts` calls were made for them.
 *
 * @returns what still failed, in the caller's order
 */
export async function inBatches<Entry>(options: EntryBatchOptions<Entry>): Promise<EntryFailure[]> {
  const limit = pLimit(options.concurrency);
  const failures = await Promise.all(groups(options).map((group) => limit(() => settle(group, options))));
  return failures.flat().sort((a, b) => a.index - b.index);
}

interface Indexed<Entry> {
  index: number;
  entry: Entry;
}

function groups<Entry>({ entries, bytesOf, maxBytesPerCall }: EntryBatchOptions<Entry>): Indexed<Entry>[][] {
  const result: Indexed<Entry>[][] = [];
  let bytes = 0;
  entries.forEach((entry, index) => {
    const weight = bytesOf?.(entry) ?? 0;
    const last = result.at(-1);
    const fits =
      last !== undefined &&
      last.length < MAX_ENTRIES_PER_CALL &&
      bytes + weight <= (maxBytesPerCall ?? Infinity);
    if (fits) last.push({ index, entry });
    else result.push([{ index, entry }]);
    bytes = fits ? bytes + weight : weight;
  });
  return result;
}

async function settle<Entry>(
  group: Indexed<Entry>[],
  options: EntryBatchOptions<Entry>,
): Promise<EntryFailure[]> {
  const given: EntryFailure[] = [];
  let left = group;
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    const failures = await options.call(left);
    given.push(...failures.filter((failure) => failure.final));
    const again = failures.filter((failure) => !failure.final);
    if (again.length === 0) return given;
    if (attempt >= options.attempts) return [...given, ...again];
    const indexes = new Set(again.map((failure) => failure.index));
    left = left.filter(({ index }) => indexes.has(index));
    await wait(backoffMs(attempt), options.signal);
  }
}
