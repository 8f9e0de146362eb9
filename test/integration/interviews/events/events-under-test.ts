import { MongoClient, ObjectId } from 'mongodb';
import type { EventDocument } from '#vachan/pipelines/interviews/events/event-document.js';
import {
  createMongoEndpointStates,
  type EndpointDocument,
} from '#vachan/pipelines/interviews/events/mongo-endpoint-states.js';
import { createMongoInterviewEvents } from '#vachan/pipelines/interviews/events/mongo-interview-events.js';
import type { NewEvent } from '#vachan/pipelines/interviews/events/interview-events.js';
import type { InterviewJob } from '#vachan/pipelines/interviews/contract/job.js';
import { freshDatabase } from '../../embedded-stack.js';

/** Events over a database of their own. */
export async function eventsUnderTest() {
  const { uri, database } = freshDatabase();
  const client = await new MongoClient(uri).connect();
  const db = client.db(database);
  const collection = db.collection<EventDocument>('interview_events');
  const events = createMongoInterviewEvents(collection, 'interview_queue');
  await events.ensureIndexes();
  return {
    events,
    collection,
    states: createMongoEndpointStates(db.collection<EndpointDocument>('endpoints')),
    /** Inserts jobs as they are in the queue. */
    addJobs: (...jobs: InterviewJob[]) =>
      db
        .collection('interview_queue')
        .insertMany(jobs.map(({ job_id, ...job }) => ({ _id: new ObjectId(job_id), ...job }))),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
}

export const ended = (state: string, interview = 'i-1'): NewEvent => ({
  interview_id: interview,
  type: 'interview.completed',
  state,
  data: { interview_id: interview },
});

export const failed = (state: string, jobId: string): NewEvent => ({
  ...ended(state),
  type: 'interview.job_failed',
  job_id: jobId,
});
