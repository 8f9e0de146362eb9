import type { Client } from '@temporalio/client';
import type { Places } from '../../contract/backlog.js';
import type { WebhookTry } from '../../contract/webhook.js';
import type { ExportEvents } from '../../pipelines/exports/events/export-events.js';
import type { EndpointStates } from '../../webhook/endpoint-states.js';
import type { WebhookEndpoint } from '../../webhook/endpoint.js';
import type { JobRef } from '../../pipelines/exports/contract/job-ref.js';
import type { Priority } from '../../pipelines/exports/contract/priority.js';
import type { MetadataStore } from '../../pipelines/exports/metadata/metadata-store.js';
import type { HeldTasks } from '../../pipelines/exports/process/held-task.js';
import type { ExportsSettings } from '../../pipelines/exports/settings/index.js';
import type { ExportState } from '../../pipelines/exports/state/job-state.js';
import type { Uploader } from '../../pipelines/exports/upload/uploader.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import { atActivityBoundary, type ActivityAttempt } from '../shared/activity-boundary.js';
import type {
  ApiActivities,
  EventActivities,
  JobActivities,
  TaskActivities,
  WorkActivities,
} from './activity-types.js';
import { createAwaitReadyActivity, type SourcesOf } from './await-ready.js';
import { createBeginAttemptActivity } from './begin-attempt.js';
import { watchCapacity } from './capacity.js';
import { createCheckJobActivity } from './check-job.js';
import { createDispatchActivity } from './dispatch-tasks.js';
import { createDownloadTaskActivity, type FileWork } from './download-task.js';
import { createAbortUploadsActivity, createAcknowledgeActivity, createPauseActivity } from './end-job.js';
import { createJoinResultActivity } from './join-result.js';
import { createListPagesActivity } from './list-pages.js';
import { createStopTasksActivity } from './stop-tasks.js';
import { createEventActivities } from './tell-event.js';
import { WORKFLOW_TYPES } from '../../pipelines/exports/contract/names.js';
import { countRunningWorkflows } from '../../temporal/running-workflows.js';
import { onTemporal } from '../../temporal/on-temporal.js';
import { createTaskRuns } from './task-runs.js';
import type { JobWaker } from './wake-jobs.js';

/** What the activities of a process are made from. */
export interface ActivityParts {
  config: ExportsSettings;
  dependencies: {
    state: ExportState;
    sources: SourcesOf & { readonly names: readonly string[]; has(source: string): boolean };
    metadata: MetadataStore;
    uploader: Uploader;
    events: ExportEvents;
    /** Where events are sent; undefined where no address is set. */
    endpoint: WebhookEndpoint | undefined;
    endpointStates: EndpointStates;
    /** Where tasks of a priority go; `own` is false where that is the queue of all. */
    tasksQueue: (priority: Priority) => { queue: MessageQueue; own: boolean };
  };
  temporal: () => { client: Client; taskQueue: string };
  /** Of the live workers, each one's places. */
  workerPlaces: () => Promise<Places>;
  /** Told how many files of a job wait to be sent. */
  onUndispatched?: (job: JobRef, files: number) => void;
  /** Told how many tasks were sent. */
  onSent?: (tasks: number) => void;
  /** Told what came of each try to deliver an event. */
  onTry?: (outcome: WebhookTry['outcome']) => void;
  onAttempt?: (attempt: ActivityAttempt) => void;
  log: Logger<string>;
}

/** On the orchestrators' task queue. */
export function createOrchestratorActivities(parts: ActivityParts): JobActivities & EventActivities {
  const { config, dependencies, temporal, workerPlaces, log, onAttempt, onUndispatched, onSent, onTry } =
    parts;
  const { state, sources, tasksQueue, events, endpoint, endpointStates: states } = dependencies;
  const runs = createTaskRuns(() => temporal().client);
  return atActivityBoundary<JobActivities & EventActivities>(
    {
      ...createCheckJobActivity({ config, state, sources, tells: endpoint !== undefined }),
      ...createBeginAttemptActivity({ state }),
      ...createDispatchActivity({
        state,
        queueFor: (priority) => tasksQueue(priority).queue,
        isShared: (priority) => !tasksQueue(priority).own,
        capacity: watchCapacity(temporal, workerPlaces, config.DOWNLOAD_TASKS_PLACES),
        runs,
        runningTasks: () =>
          onTemporal('count the tasks that run', () =>
            countRunningWorkflows(temporal().client, WORKFLOW_TYPES.task, temporal().taskQueue),
          ),
        log,
        visibilityTimeoutSeconds: config.SQS_VISIBILITY_TIMEOUT_SECONDS,
        ...(onUndispatched !== undefined && { onUndispatched }),
        ...(onSent !== undefined && { onSent }),
      }),
      ...createStopTasksActivity({ state, runs }),
      ...createPauseActivity(state),
      ...createEventActivities({ events, endpoint, states, log, ...(onTry !== undefined && { onTry }) }),
    },
    log,
    onAttempt,
  );
}

/** On the task queue whose rate is that of the Export API. */
export function createApiActivities({ dependencies, log, onAttempt }: ActivityParts): ApiActivities {
  const { state, sources } = dependencies;
  return atActivityBoundary<ApiActivities>(
    {
      ...createAwaitReadyActivity(sources),
      ...createListPagesActivity({ state, sources, log }),
      ...createAcknowledgeActivity(state, sources),
    },
    log,
    onAttempt,
  );
}

/** On the task queue of all worker processes. */
export function createWorkActivities({ dependencies, log, onAttempt }: ActivityParts): WorkActivities {
  const { state, metadata, uploader } = dependencies;
  return atActivityBoundary<WorkActivities>(
    { ...createJoinResultActivity({ state, metadata, log }), ...createAbortUploadsActivity(state, uploader) },
    log,
    onAttempt,
  );
}

/** On the task queue of this process alone. `waker` is the caller's to close. */
export function createTaskActivities(
  { config, dependencies, log, onAttempt }: ActivityParts,
  { heldTasks, work, waker }: { heldTasks: HeldTasks; work: FileWork; waker: JobWaker },
): TaskActivities {
  const { EXPORT_YIELD_AFTER: yieldAfterSeconds, EXPORT_HEARTBEAT: heartbeatSeconds } = config;
  return atActivityBoundary<TaskActivities>(
    createDownloadTaskActivity({ state: dependencies.state, heldTasks, work, waker, log, yieldAfterSeconds }),
    log,
    onAttempt,
    heartbeatSeconds * 1000,
  );
}
