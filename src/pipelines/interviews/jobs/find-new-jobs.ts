import { onMongo } from '../../../platform/mongo-errors.js';
import type { Admission, Admitted } from './admission.js';
import type { JobDocument } from './job-document.js';
import { FROM_PRIMARY, UNADMITTED, type JobCollection } from './job-writes.js';

/** Each waits for MongoDB twice and for Temporal once. */
const ADMITTED_AT_ONCE = 8;

/**
 * Takes on all documents of the collection that nobody has taken on, the oldest first.
 *
 * @param onWaiting told of a document whose turn it is soon: no stream will ring for it
 * @returns how many workflows were started
 * @throws DependencyUnavailable; what was not reached is found by the next look
 */
export async function findNewJobs(
  collection: JobCollection,
  admission: Pick<Admission, 'admitJob'>,
  signal?: AbortSignal,
  onWaiting?: () => void,
): Promise<number> {
  let started = 0;
  let failure: unknown;
  for await (const documents of newJobs(collection, ADMITTED_AT_ONCE)) {
    signal?.throwIfAborted();
    const outcomes = await Promise.allSettled(documents.map((document) => admission.admitJob(document)));
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    started += outcomes.filter(is('started')).length;
    if (outcomes.some(is('waits'))) onWaiting?.();
    failure ??= failed[0]?.reason;
    // One document that cannot be written keeps no other waiting; a server that is away would be asked in vain.
    if (failed.length === documents.length) break;
  }
  if (failure !== undefined) throw failure as Error;
  return started;
}

async function* newJobs(collection: JobCollection, size: number): AsyncIterable<JobDocument[]> {
  const cursor = collection.find(UNADMITTED, FROM_PRIMARY).sort({ _id: 1 });
  const next = (): Promise<JobDocument | null> =>
    onMongo(`look for new jobs in ${collection.collectionName}`, () => cursor.next());
  try {
    let group: JobDocument[] = [];
    for (let document = await next(); document !== null; document = await next()) {
      group.push(document);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  } finally {
    await cursor.close();
  }
}

const is =
  (admitted: Admitted) =>
  (outcome: PromiseSettledResult<Admitted>): boolean =>
    outcome.status === 'fulfilled' && outcome.value === admitted;
