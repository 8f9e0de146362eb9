import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import { valuesOf } from '../../../platform/config/settings-table.js';
import { createFigureService } from '../../../platform/metrics/figure-publisher.js';
import type { StandingSchedule } from '../../../temporal/schedules/standing-schedules.js';
import type { BackgroundService, ConnectedPipeline, ProcessParts, TemporalAccess } from '../../pipeline.js';
import { tellInterview } from '../events/tell-interview.js';
import { interviewApi } from '../http/interview-api.js';
import { interviewsQueueApi } from '../http/api.js';
import { interviewDigest } from '../interview-digest.js';
import { WORKFLOW_TYPES } from '../contract/names.js';
import { createDoors, type TellInterview } from '../jobs/doors.js';
import { LOG_COMPONENT } from '../log-events.js';
import { createCountedJobs } from '../metrics/counted-jobs.js';
import { createInterviewsMetrics } from '../metrics/interviews-metrics.js';
import { INTERVIEWS_SETTINGS, type InterviewsSettings } from '../settings/index.js';
import { createDependencies } from './dependencies.js';
import type { MemoryState } from './memory-gate.js';
import type { ActivityParts } from './parts.js';
import { startWorkerRole, type InterviewsWorker, type WorkerActivities } from './worker-role.js';

/** Makes the activities of both roles, which this room does not know. */
export interface InterviewsActivities extends WorkerActivities {
  /** Beside the workflows. */
  orchestrator: (parts: ActivityParts) => object;
}

/** Of a process that takes no jobs. */
const UNWATCHED: MemoryState = { used: undefined, constrained: false, recommendedJobs: undefined };

/** Makes what a process needs for interviews; its clients connect when they are first used. */
export function connectInterviews(lent: ProcessParts, activities: InterviewsActivities): ConnectedPipeline {
  const { taskQueue, untilAvailable } = lent;
  const config = valuesOf(lent.settings, BASE_SETTINGS, INTERVIEWS_SETTINGS);
  const log = lent.log.child(LOG_COMPONENT);
  const dependencies = createDependencies(config);
  let worker: InterviewsWorker | undefined;
  let counted: ReturnType<typeof createCountedJobs> | undefined;
  const metrics = createInterviewsMetrics(lent.metrics, {
    heldJobs: () => worker?.held.size ?? 0,
    countedJobs: () => counted?.current(),
    memoryUsed: () => worker?.memory().used,
  });
  const partsOf = (temporal: () => TemporalAccess): ActivityParts => ({
    ...{ config, dependencies, metrics, temporal, log },
  });

  return {
    metrics,
    checks: [{ name: 'database', check: () => dependencies.ping() }],
    async prepare() {
      const warning = await untilAvailable(() => dependencies.connect());
      if (warning !== undefined) log.warn('interview_indexes_missing', { reason: warning });
    },
    api: (temporal) => {
      const parts = partsOf(temporal);
      const ofInterviews = interviewApi(dependencies);
      const ofQueue = interviewsQueueApi(parts, {
        tellInterview: tellOf(parts),
        memory: () => worker?.memory() ?? UNWATCHED,
        ownPlaces: () => (lent.running() ? worker?.places : undefined),
        alone: config.PIPELINES.join() === 'interviews',
      });
      return {
        operations: [...ofQueue.operations, ...ofInterviews.operations],
        components: { ...ofQueue.components, ...ofInterviews.components },
      };
    },
    async startWorker(temporal) {
      worker = await startWorkerRole(partsOf(temporal), lent, activities);
      return worker;
    },
    orchestrator: (temporal) => {
      const parts = partsOf(() => temporal);
      counted = createCountedJobs(() => dependencies.jobs.count());
      return {
        activities: activities.orchestrator(parts),
        services: [
          ...createDoors(parts, tellOf(parts)),
          counted,
          ...figures(config, taskQueue, counted, log),
        ],
        schedules: [sweepSchedule(taskQueue, config.INTERVIEW_SWEEP_INTERVAL)],
      };
    },
    close: () => dependencies.close(),
  };
}

/** For a job that ends without a workflow of its own. */
function tellOf({ config, dependencies, temporal }: ActivityParts): TellInterview {
  return async ({ job_id: jobId }) => {
    const job = await dependencies.jobs.get(jobId);
    if (job === undefined) return;
    const digest = interviewDigest(job.interview_id, config.INTERVIEW_ID_KEY);
    await tellInterview(temporal(), { digest, job_id: jobId });
  };
}

/** What scaling follows; orchestrators say the same, so that it takes their average. */
function figures(
  { CLOUDWATCH_NAMESPACE: namespace, AWS_REGION: region }: InterviewsSettings,
  taskQueue: string,
  counted: ReturnType<typeof createCountedJobs>,
  log: ProcessParts['log'],
): BackgroundService[] {
  if (namespace === undefined) return [];
  const figure = (): number | undefined => counted.current()?.ready;
  return [createFigureService(region, { namespace, taskQueue, metric: 'ReadyInterviewJobs', figure, log })];
}

/** Two installations of one namespace have schedules of their own. */
function sweepSchedule(taskQueue: string, seconds: number): StandingSchedule {
  return {
    scheduleId: `${taskQueue}-sweep`,
    workflowType: WORKFLOW_TYPES.sweep,
    workflowId: `${taskQueue}-sweep`,
    input: {},
    times: { everyMs: seconds * 1000 },
  };
}
