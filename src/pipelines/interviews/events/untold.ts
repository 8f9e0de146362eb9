import type { Collection, ObjectId } from 'mongodb';
import type { InterviewJob } from '../contract/job.js';
import { InvalidJob } from '../jobs/job-errors.js';
import { readJob, type JobDocument } from '../jobs/job-document.js';
import { WHOLE_INTERVIEW, type EventDocument } from './event-document.js';
import { interviewState } from './interview-state.js';

/** Older ends were looked at by hundreds of sweeps. */
const LOOK_BACK_MS = 2 * 24 * 3_600_000;

/** Beyond it the next sweep goes on. */
const MOST_AT_ONCE = 1_000;

interface Candidate {
  jobs: JobDocument[];
  told: Pick<EventDocument, 'state'>[];
}

/**
 * Finds interviews for which a workflow should run and perhaps does not: it was deleted, or nobody could start it.
 *
 * @returns `_id` of a job of each
 */
export async function findUntold(
  events: Collection<EventDocument>,
  jobsCollection: string,
  now: Date,
): Promise<string[]> {
  const jobs = events.db.collection(jobsCollection);
  const found = new Set<string>();
  const ended = jobs.aggregate<Candidate>([
    { $match: { ended_at: { $gte: new Date(now.getTime() - LOOK_BACK_MS) } } },
    { $group: { _id: '$interview_id' } },
    {
      $lookup: {
        from: jobsCollection,
        localField: '_id',
        foreignField: 'interview_id',
        pipeline: [{ $project: { questions: 0 } }],
        as: 'jobs',
      },
    },
    {
      $lookup: {
        from: events.collectionName,
        localField: '_id',
        foreignField: 'interview_id',
        pipeline: [
          { $match: { subject: WHOLE_INTERVIEW } },
          { $sort: { revision: -1 } },
          { $limit: 1 },
          { $project: { state: 1 } },
        ],
        as: 'told',
      },
    },
  ]);
  for await (const { jobs: documents, told } of ended) {
    const ofInterview = documents.flatMap(readable);
    const state = interviewState(ofInterview);
    if (state.ended === 'no' || told[0]?.state === state.hash) continue;
    found.add(ofInterview[0]!.job_id);
    if (found.size >= MOST_AT_ONCE) return [...found];
  }
  const waiting = events.aggregate<{ job: { _id: ObjectId }[] }>([
    { $match: { status: 'pending' } },
    { $group: { _id: '$interview_id' } },
    { $limit: MOST_AT_ONCE },
    {
      $lookup: {
        from: jobsCollection,
        localField: '_id',
        foreignField: 'interview_id',
        pipeline: [{ $limit: 1 }, { $project: { _id: 1 } }],
        as: 'job',
      },
    },
  ]);
  for await (const { job } of waiting) {
    if (job[0] !== undefined) found.add(job[0]._id.toHexString());
  }
  return [...found];
}

/** What is no job belongs to no interview. */
function readable(document: JobDocument): InterviewJob[] {
  try {
    return [readJob(document)];
  } catch (error) {
    if (error instanceof InvalidJob) return [];
    throw error;
  }
}
