import { MongoServerError, ObjectId, type Collection, type Filter, type UpdateFilter } from 'mongodb';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { MadeTry } from '../../../webhook/deliver.js';
import { eventOf, sentOf, WHOLE_INTERVIEW, type EventDocument } from './event-document.js';
import { eventsToResend } from './events-to-resend.js';
import type { InterviewEvents, NewEvent } from './interview-events.js';
import { findUntold } from './untold.js';

/** An event that is lost with a server would be told under another revision. */
const MAJORITY = { writeConcern: { w: 'majority', journal: true } } as const;
const DUPLICATE_KEY = 11_000;
/** Two writers who want the same revision: one of them is done after each round. */
const MOST_ROUNDS = 20;

/** @param jobsCollection name of the jobs' collection, in the same database */
export function createMongoInterviewEvents(
  collection: Collection<EventDocument>,
  jobsCollection: string,
  now: () => Date = () => new Date(),
): InterviewEvents {
  const name = collection.collectionName;
  const on = <T>(what: string, run: () => Promise<T>): Promise<T> => onMongo(`${what} ${name}`, run);
  const update = async (
    eventId: string,
    status: string[],
    change: UpdateFilter<EventDocument>,
  ): Promise<void> => {
    await collection.updateOne(
      { _id: new ObjectId(eventId), status: { $in: status } } as Filter<EventDocument>,
      change,
      MAJORITY,
    );
  };
  const tried = (made: MadeTry) => ({ last_try: made, updated_at: now() });

  return {
    record: (event, sendable) =>
      on('record an event in', async () => {
        const written = await insertOnce(collection, event, sendable, now);
        await collection.updateMany(
          {
            interview_id: event.interview_id,
            subject: subjectOf(event),
            status: 'pending',
            revision: { $lt: written.revision },
          },
          { $set: { status: 'superseded', updated_at: now() }, $unset: { next_try_at: '' } },
          MAJORITY,
        );
        return eventOf(written);
      }),

    pending: (eventId) =>
      on('look up an event in', async () => {
        const found = await collection.findOne({ _id: new ObjectId(eventId), status: 'pending' });
        if (found === null) return undefined;
        return { event: sentOf(eventOf(found)), tries: found.tries };
      }),

    of: (interviewId) =>
      on('look up events in', async () => {
        const found = await collection.find({ interview_id: interviewId }).sort({ revision: -1 }).toArray();
        return found.map(eventOf);
      }),

    latest: ({ limit, status }) =>
      on('list events of', async () => {
        const found = await collection
          .find(status === undefined ? {} : { status })
          .sort({ _id: -1 })
          .limit(limit)
          .toArray();
        return found.map(eventOf);
      }),

    // Also one that was superseded while the receiver took it: it has been told.
    delivered: (eventId, made) =>
      on('write a delivery to', () =>
        update(eventId, ['pending', 'superseded'], {
          $set: { status: 'delivered', ...tried(made) },
          $inc: { tries: 1 },
          $unset: { next_try_at: '' },
        }),
      ),

    failed: (eventId, made, nextTryAt) =>
      on('write a try to', () =>
        update(eventId, ['pending'], {
          $set: {
            ...tried(made),
            ...(nextTryAt === undefined ? { status: 'undelivered' as const } : { next_try_at: nextTryAt }),
          },
          $inc: { tries: 1 },
          ...(nextTryAt === undefined && { $unset: { next_try_at: '' as const } }),
        }),
      ),

    resend: (interviewId, which) =>
      on('send events again of', async () => {
        const found = (await collection.find({ interview_id: interviewId }).toArray()).map(eventOf);
        const chosen = eventsToResend(found, which);
        await collection.updateMany(
          { _id: { $in: chosen.map(({ event_id }) => new ObjectId(event_id)) } },
          { $set: { status: 'pending', tries: 0, updated_at: now() }, $unset: { next_try_at: '' } },
          MAJORITY,
        );
        return chosen;
      }),

    deleteOf: (interviewId) =>
      on('delete events of', async () => {
        const { deletedCount } = await collection.deleteMany({ interview_id: interviewId }, MAJORITY);
        return deletedCount;
      }),

    untold: () => on('look for untold interviews in', () => findUntold(collection, jobsCollection, now())),

    ensureIndexes: () =>
      on('create the indexes of', async () => {
        await collection.createIndex({ interview_id: 1, revision: 1 }, { unique: true }, {});
        await collection.createIndex({ interview_id: 1, subject: 1, state: 1 }, { unique: true }, {});
        await collection.createIndex({ status: 1, _id: -1 });
      }),
  };
}

const subjectOf = ({ job_id: jobId }: NewEvent): string => jobId ?? WHOLE_INTERVIEW;

/** Writes an event under the interview's next revision, unless one says the same already. */
async function insertOnce(
  collection: Collection<EventDocument>,
  event: NewEvent,
  sendable: boolean,
  now: () => Date,
): Promise<EventDocument> {
  const { interview_id, state } = event;
  const subject = subjectOf(event);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const same = await collection.findOne({ interview_id, subject, state });
    if (same !== null) return same;
    const [last] = await collection.find({ interview_id }).sort({ revision: -1 }).limit(1).toArray();
    const revision = (last?.revision ?? 0) + 1;
    const at = now();
    const document: EventDocument = {
      _id: new ObjectId(),
      ...event,
      subject,
      revision,
      data: { ...event.data, revision },
      status: sendable ? 'pending' : 'unsent',
      created_at: at,
      updated_at: at,
      tries: 0,
    };
    try {
      await collection.insertOne(document, MAJORITY);
      return document;
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
    }
  }
  throw new DependencyUnavailable(
    `no free revision in ${collection.collectionName} after ${MOST_ROUNDS} rounds`,
  );
}
