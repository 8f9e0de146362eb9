import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import { valuesOf } from '../../../platform/config/settings-table.js';
import { createFigureService } from '../../../platform/metrics/figure-publisher.js';
import type { BackgroundService, ConnectedPipeline, ProcessParts, TemporalAccess } from '../../pipeline.js';
import { DEFAULT_SOURCE } from '../contract/job-ref.js';
import { apiTaskQueue, SWEEP_WORKFLOW_TYPES, WORKFLOW_TYPES, workTaskQueue } from '../contract/names.js';
import { EXPORT_SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import type { StandingSchedule } from '../../../temporal/schedules/standing-schedules.js';
import { exportsApi } from '../http/api.js';
import { createExportsMetrics } from '../metrics/exports-metrics.js';
import { createOpenJobs, type OpenJobs } from '../metrics/open-jobs.js';
import { createUndispatched } from '../metrics/undispatched.js';
import { EXPORTS_SETTINGS, type ExportsSettings } from '../settings/index.js';
import type { Consumer } from '../../../queue/consume.js';
import { watchLiveWorkers } from '../../../temporal/live-workers.js';
import { countRunningWorkflows } from '../../../temporal/running-workflows.js';
import { watchWorkerPlaces } from '../../../temporal/worker-places.js';
import { createDependencies } from './dependencies.js';
import { createJobsConsumer } from './jobs-consumer.js';
import type { ExportParts } from './parts.js';
import { createRateShare } from './rate-share.js';
import { startWorkerRole, type WorkerActivities } from './worker-role.js';

/** Makes the activities of both roles, which this room does not know. */
export interface ExportsActivities extends WorkerActivities {
  /** Beside the workflows. */
  orchestrator: (parts: ExportParts) => object;
  /** Calls of the Export API, at a rate that all orchestrators share. */
  api: (parts: ExportParts) => object;
}

/** API calls of one orchestrator under way at once: a call that waits for a slow API holds a place. */
const API_CALLS_AT_ONCE = 32;

/** Makes what a process needs for exports; its clients connect when they are first used. */
export function connectExports(lent: ProcessParts, activities: ExportsActivities): ConnectedPipeline {
  const { log, roles, taskQueue } = lent;
  const config = valuesOf(lent.settings, BASE_SETTINGS, EXPORTS_SETTINGS);
  const consumers: Consumer[] = [];
  const undispatched = createUndispatched();
  let openJobs: ReturnType<typeof createOpenJobs> | undefined;
  const metrics = createExportsMetrics(lent.metrics, {
    openJobs: () => openJobs?.current(),
    undispatched: () => undispatched.total(),
    held: () => consumers.flatMap((consumer) => consumer.ages()),
    budget: () => made.budget,
    breakers: () => made.sources.breakers(),
  });
  const made = createDependencies(config, {
    onAttempt: ({ source, operation, status, seconds }) => {
      metrics.apiCalled(source, operation, status === undefined ? 'none' : String(status), seconds);
    },
    onBreaker: (source, state) => log.warn('export_api_breaker', { source, state }),
  });
  const partsOf = (temporal: () => TemporalAccess): ExportParts => {
    let places: ReturnType<typeof watchWorkerPlaces> | undefined;
    return {
      config,
      dependencies: made,
      metrics,
      temporal,
      workerPlaces: () =>
        (places ??= watchWorkerPlaces({
          look: watchLiveWorkers(temporal().client, workTaskQueue(taskQueue)),
          ownPlaces: () => (lent.running() && roles.worker ? config.DOWNLOAD_TASKS_PLACES : undefined),
          log,
        }))(),
      onUndispatched: (job, files) => undispatched.told(job, files),
      onSent: (tasks) => metrics.tasksDispatched(tasks),
      onTry: metrics.webhooks(),
      onAttempt: ({ attempt }) => {
        if (attempt > 1) metrics.addRetries('activity');
      },
      log,
    };
  };
  const queues = [made.jobsQueue, made.tasksQueue('normal').queue];

  return {
    metrics,
    checks: [
      ...queues.map((queue, index) => ({
        name: index === 0 ? 'jobs queue' : 'tasks queue',
        check: () => queue.ping(),
      })),
      {
        name: 'state',
        check: async () => {
          await made.state.isPaused(DEFAULT_SOURCE);
        },
      },
      ...(roles.worker ? [{ name: 'metadata', check: () => made.metadata.ping() }] : []),
    ],
    prepare: () => Promise.resolve(),
    api: (temporal) => exportsApi(made.state, temporal),
    startWorker: (temporal) => {
      const worker = startWorkerRole(partsOf(temporal), taskQueue, activities);
      consumers.push(worker.tasks);
      return Promise.resolve(worker);
    },
    orchestrator: (temporal) => {
      const parts = partsOf(() => temporal);
      const jobs = createJobsConsumer(parts);
      consumers.push(jobs);
      openJobs = createOpenJobs((state) => countOpenJobs(temporal, state));
      return {
        activities: activities.orchestrator(parts),
        pollers: [
          {
            taskQueue: apiTaskQueue(taskQueue),
            activities: activities.api(parts),
            slots: API_CALLS_AT_ONCE,
            stops: 'first',
            maxPerSecond: made.sources.listingRate,
          },
        ],
        services: [
          jobs,
          openJobs,
          createRateShare(
            'listing',
            watchLiveWorkers(temporal.client, apiTaskQueue(taskQueue)),
            made.sources,
          ),
          ...figures(config, taskQueue, () => undispatched.total(), log),
        ],
        held: jobs,
        schedules: sweepSchedules(taskQueue),
      };
    },
    close: () => made.close(),
  };
}

/** Jobs that have not told their state yet are among the running ones soon. */
function countOpenJobs({ client, taskQueue }: TemporalAccess, state: keyof OpenJobs): Promise<number> {
  return countRunningWorkflows(
    client,
    WORKFLOW_TYPES.job,
    taskQueue,
    `${EXPORT_SEARCH_ATTRIBUTES.status.name}="${state}"`,
  );
}

/** What scaling adds to the messages that wait; the sum of all orchestrators. */
function figures(
  { CLOUDWATCH_NAMESPACE: namespace, AWS_REGION: region }: ExportsSettings,
  taskQueue: string,
  figure: () => number,
  log: ProcessParts['log'],
): BackgroundService[] {
  if (namespace === undefined) return [];
  return [createFigureService(region, { namespace, taskQueue, metric: 'UndispatchedTasks', figure, log })];
}

/** Two installations of one namespace have schedules of their own. */
function sweepSchedules(taskQueue: string): StandingSchedule[] {
  const schedule = (name: string, workflowType: string, everyMs: number): StandingSchedule => ({
    scheduleId: `${taskQueue}-${name}`,
    workflowType,
    workflowId: `${taskQueue}-${name}`,
    input: {},
    times: { everyMs },
  });
  return [
    schedule('sweep-dead-letters', SWEEP_WORKFLOW_TYPES.deadLetters, 5 * 60_000),
    schedule('sweep-uploads', SWEEP_WORKFLOW_TYPES.uploads, 60 * 60_000),
  ];
}
