import { outcomeOf, returnDelivery, settle } from '../shared/delivery.js';
import {
  hasFailed,
  isAt,
  reach,
  workable,
  type RecordingBatch,
  type RecordingDelivery,
} from './recording-delivery.js';

/**
 * Twins are deliveries of one recording in one batch: sent by two runs, or with two signatures of one address. One of
 * them stands for the recording and the others wait for its outcome, since a message may be deleted only for a result
 * that is there.
 *
 * The newest goes first: its signature has the longest to live.
 */
export function setTwinsAside(batch: RecordingBatch): void {
  const first = new Map<string, RecordingDelivery>();
  for (const item of workable(batch).sort(newerFirst)) {
    const leader = first.get(item.resultDocumentId);
    if (leader === undefined) first.set(item.resultDocumentId, item);
    else reach(item, { stage: 'waiting', for: leader });
  }
}

/**
 * Makes the next twin of an item that failed stand for the recording: where one address has expired, another may not
 * have.
 *
 * @returns undefined when the item did not fail, or no twin of it is left
 */
export function takeOver(failed: RecordingDelivery, batch: RecordingBatch): RecordingDelivery | undefined {
  if (!hasFailed(failed)) return undefined;
  const [next, ...others] = batch.items
    .filter(isAt('waiting'))
    .filter(({ reached, ending }) => reached.for === failed && ending === undefined)
    .sort(newerFirst);
  if (next === undefined) return undefined;
  reach(next, { stage: 'received' });
  for (const item of others) reach(item, { stage: 'waiting', for: next });
  return next;
}

/** Undoes {@link setTwinsAside}: another attempt at the screening looks at each delivery anew. */
export function forgetTwins(batch: RecordingBatch): void {
  for (const item of batch.items.filter(isAt('waiting'))) reach(item, { stage: 'received' });
}

/** Twins of a recording with a result are skipped; those of one without are redelivered, whatever became of it. */
export function settleTwins(batch: RecordingBatch): void {
  for (const item of batch.items.filter(isAt('waiting'))) {
    if (item.ending !== undefined) continue;
    const outcome = outcomeOf(item.reached.for);
    if (outcome === 'completed' || outcome === 'skipped_existing') settle(item, 'skipped_existing');
    else returnDelivery(item, 'twin_without_result');
  }
}

function newerFirst({ message: a }: RecordingDelivery, { message: b }: RecordingDelivery): number {
  return (
    Date.parse(b.source_updated_at) - Date.parse(a.source_updated_at) ||
    Date.parse(b.discovered_at) - Date.parse(a.discovered_at)
  );
}
