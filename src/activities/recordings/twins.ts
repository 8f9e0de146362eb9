import { returnItem, undecided, type Batch, type BatchItem } from '../shared/batch.js';

/**
 * Twins are deliveries of one recording in one batch: sent by two runs, or with two signatures of one address. One of them stands for the
 * recording and the others wait for its outcome, since a message may be deleted only for a result that is there.
 *
 * The newest goes first: its signature has the longest to live.
 */
export function setTwinsAside(batch: Batch): void {
  const first = new Map<string, BatchItem>();
  for (const item of undecided(batch).sort(newerFirst)) {
    const leader = first.get(item.resultDocumentId);
    if (leader === undefined) first.set(item.resultDocumentId, item);
    else item.waitsFor = leader;
  }
}

/**
 * Makes the next twin of an item that failed stand for the recording: where one address has expired, another may not have.
 *
 * @returns undefined when the item did not fail, or no twin of it is left
 */
export function takeOver(failed: BatchItem, batch: Batch): BatchItem | undefined {
  if (failed.outcome !== 'failed_pre_inference') return undefined;
  const [next, ...others] = batch.items
    .filter((item) => item.waitsFor === failed && item.returned !== true)
    .sort(newerFirst);
  if (next === undefined) return undefined;
  delete next.waitsFor;
  for (const item of others) item.waitsFor = next;
  return next;
}

/** Undoes {@link setTwinsAside}: another attempt at the screening looks at each delivery anew. */
export function forgetTwins(batch: Batch): void {
  for (const item of batch.items) delete item.waitsFor;
}

/** Twins of a recording with a result are skipped; those of one without come again, whatever became of it. */
export function settleTwins(batch: Batch): void {
  for (const item of batch.items) {
    if (item.waitsFor === undefined || item.outcome !== undefined || item.returned === true) continue;
    const { outcome, returned } = item.waitsFor;
    const hasResult = returned !== true && (outcome === 'completed' || outcome === 'skipped_existing');
    if (hasResult) item.outcome = 'skipped_existing';
    else returnItem(item, 'twin_without_result');
  }
}

function newerFirst({ message: a }: BatchItem, { message: b }: BatchItem): number {
  return (
    Date.parse(b.source_updated_at) - Date.parse(a.source_updated_at) ||
    Date.parse(b.discovered_at) - Date.parse(a.discovered_at)
  );
}
