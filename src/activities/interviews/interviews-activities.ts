import { createCombine, type Combine, type Reducers } from '../../pipelines/interviews/results/combine.js';
import { interviewDigest } from '../../pipelines/interviews/interview-digest.js';
import type { ActivityParts } from '../../pipelines/interviews/process/parts.js';
import type { WorkerClients } from '../../pipelines/interviews/process/worker-role.js';
import { atActivityBoundary, type ActivityAttempt } from '../shared/activity-boundary.js';
import type { ChunkActivities, HostActivities, JobActivities, PlaceActivities } from './activity-types.js';
import { createChunkActivity, createPassActivities, type MediaParts } from './analyse-media.js';
import { createAwaitObjectActivity } from './await-object.js';
import { createEventActivities } from './create-event-activities.js';
import { createEndAttemptActivities } from './end-attempt.js';
import { createPlaceActivities } from './start-job.js';
import { createSweepActivities } from './sweep-interviews.js';
import { createStoreResultActivity } from './store-result.js';

/** The activities of both roles, made from what a process has. */
export const interviewsActivities = {
  orchestrator: (parts: ActivityParts): object => {
    const { config, dependencies, metrics, log } = parts;
    const { jobs, objects, results } = dependencies;
    return {
      ...atActivityBoundary<JobActivities>(
        {
          ...createAwaitObjectActivity({ config, jobs, objects }),
          ...createEndAttemptActivities({ config, jobs, results, metrics, log }),
        },
        log,
        countRetries(parts),
      ),
      ...createEventActivities(parts),
      ...createSweepActivities(parts),
    };
  },

  place: (parts: ActivityParts, clients: WorkerClients): PlaceActivities => {
    const made = placeActivities(parts, clients);
    const { log } = parts;
    return atActivityBoundary<PlaceActivities>(
      { startJob: (input) => made.startJob(input) },
      log,
      countRetries(parts),
    );
  },

  host: (parts: ActivityParts, clients: WorkerClients): HostActivities => {
    const { config, dependencies, metrics, log } = parts;
    const { jobs, results } = dependencies;
    const { held } = clients;
    const place = placeActivities(parts, clients);
    const combine = combineOf(parts, clients.reducers);
    return atActivityBoundary<HostActivities>(
      {
        holdPlace: (ref) => place.holdPlace(ref),
        finishJob: (ref) => place.finishJob(ref),
        ...createPassActivities({ ...mediaParts(parts, clients), held }),
        ...createStoreResultActivity({
          ...{ config, jobs, results, combine, held, metrics, log },
          parts: dependencies.parts,
        }),
      },
      log,
      timeSteps(parts),
    );
  },

  chunks: (parts: ActivityParts, clients: WorkerClients): ChunkActivities =>
    atActivityBoundary<ChunkActivities>(
      createChunkActivity(mediaParts(parts, clients)),
      parts.log,
      timeSteps(parts),
    ),
};

function placeActivities(
  { config, dependencies, log }: ActivityParts,
  { held, hostTaskQueue, onTaken }: WorkerClients,
): ReturnType<typeof createPlaceActivities> {
  const { jobs, objects } = dependencies;
  return createPlaceActivities({ config, jobs, objects, held, hostTaskQueue, onTaken, log });
}

function mediaParts({ config, dependencies }: ActivityParts, clients: WorkerClients): MediaParts {
  const { jobs, parts } = dependencies;
  const { engine, openSource } = clients.media;
  return { config, jobs, parts, engine, openSource, digestOf: digestBy(config.INTERVIEW_ID_KEY) };
}

function combineOf({ config, dependencies }: ActivityParts, reducers: Reducers): Combine {
  return createCombine({
    parts: dependencies.parts,
    reducers,
    digestOf: digestBy(config.INTERVIEW_ID_KEY),
    retentionDays: config.INTERVIEW_RESULT_RETENTION_DAYS,
    now: () => new Date(),
  });
}

function digestBy(key: string): (interviewId: string) => string {
  return (interviewId) => interviewDigest(interviewId, key);
}

const NO_STEPS: readonly string[] = ['holdPlace', 'finishJob'];

/** Times the steps of jobs, and counts attempts after the first. */
function timeSteps(parts: ActivityParts): (attempt: ActivityAttempt) => void {
  const count = countRetries(parts);
  return (made) => {
    count(made);
    const { activity, seconds, failed } = made;
    if (!NO_STEPS.includes(activity)) parts.metrics.step(activity, seconds, failed ? 'failed' : 'ok');
  };
}

/** A look at an object that is not there yet is no retry of anything. */
function countRetries({ metrics }: ActivityParts): (attempt: ActivityAttempt) => void {
  return ({ activity, attempt }) => {
    if (attempt > 1 && activity !== 'awaitObject') metrics.addRetries('activity');
  };
}
