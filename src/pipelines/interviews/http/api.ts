import type { Api, ApiOperation, PostGiven } from '../../../platform/http/api.js';
import { watchLiveWorkers } from '../../../temporal/live-workers.js';
import { watchWorkerPlaces } from '../../../temporal/worker-places.js';
import { workTaskQueue } from '../contract/names.js';
import { addJobs } from '../jobs/add-jobs.js';
import { admissionOf, type TellInterview } from '../jobs/doors.js';
import { createKeptAnswers, keptAnswersCollection, type KeptAnswer } from '../jobs/kept-answers.js';
import type { MemoryState } from '../process/memory-gate.js';
import type { ActivityParts } from '../process/parts.js';
import { queueStats, queueStatus, type FigureParts } from './queue-figures.js';
import {
  COMPONENTS,
  type JobsAnswer,
  type JobsRequest,
  type QueueStats,
  type QueueStatus,
} from './schemas.js';

export interface QueueApiOptions {
  tellInterview: TellInterview;
  memory: () => MemoryState;
  /** Places of this process itself; undefined while it has none. */
  ownPlaces: () => number | undefined;
  /** Whether no other pipeline is served: then the paths without its name are its as well. */
  alone: boolean;
}

/** What a worker answers over HTTP of the queue of jobs, and the jobs that it takes. */
export function interviewsQueueApi(parts: ActivityParts, options: QueueApiOptions): Api {
  const { config, dependencies, temporal, log } = parts;
  const { queue, jobs } = dependencies;
  let places: FigureParts['workerPlaces'] | undefined;
  const figures: FigureParts = {
    ...{ config, jobs, memory: options.memory },
    workerPlaces: async () => {
      places ??= watchWorkerPlaces({
        look: watchLiveWorkers(temporal().client, workTaskQueue(temporal().taskQueue)),
        ownPlaces: options.ownPlaces,
        log,
      });
      return places();
    },
  };
  const adding = { collection: queue, admission: admissionOf(parts, options.tellInterview), log };
  const kept = createKeptAnswers(
    queue.db.collection<KeptAnswer>(keptAnswersCollection(queue.collectionName)),
  );
  const take = async ({ body, idempotencyKey }: PostGiven<JobsRequest>): Promise<JobsAnswer> => {
    const answer = async (): Promise<JobsAnswer> => ({ jobs: await addJobs(adding, body.jobs) });
    if (idempotencyKey === undefined) return answer();
    await kept.ensureIndexes();
    return kept.once(idempotencyKey, body, answer);
  };

  const below = (path: string, name: string): ApiOperation[] => [
    {
      path: `${path}/status`,
      operationId: `get${name}Status`,
      access: 'loopback',
      summary: 'The queue of jobs.',
      description: 'Jobs by their state, and who is there to work on them.',
      answer: 'InterviewQueueStatus',
      problems: {},
      ask: (): Promise<QueueStatus> => queueStatus(figures),
    },
    {
      path: `${path}/stats`,
      operationId: `get${name}Stats`,
      access: 'loopback',
      summary: 'What was done today.',
      description: 'Jobs that have ended since the day began in STATS_TIME_ZONE, and how long they took.',
      answer: 'InterviewQueueStats',
      problems: {},
      ask: (): Promise<QueueStats> => queueStats(figures),
    },
    {
      method: 'POST',
      path: `${path}/jobs`,
      operationId: `add${name}Jobs`,
      summary: 'Add jobs.',
      description:
        'Adds up to 100 jobs, or none where one of them is wrong. One that is there already stays as it is.',
      body: 'InterviewJobs',
      answer: 'InterviewJobsAnswer',
      problems: {
        '400': 'The body is not understood, or names a bucket that may not be read.',
        '413': 'The body has more than 1 MiB.',
        '415': 'The body is not application/json.',
        '422': 'The idempotency key has come with another body.',
      },
      ask: take,
    },
  ];
  return {
    components: COMPONENTS,
    operations: [
      ...below('/interviews/queue', 'InterviewQueue'),
      ...(options.alone ? below('/queue', 'Queue') : []),
    ],
  };
}
