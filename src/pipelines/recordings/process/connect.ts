import type { Places } from '../../../contract/backlog.js';
import { createBacklogServices } from './backlog-services.js';
import type { ConnectedPipeline, ProcessParts, TemporalAccess } from '../../pipeline.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import { valuesOf } from '../../../platform/config/settings-table.js';
import { watchLiveWorkers } from '../../../temporal/live-workers.js';
import { watchWorkerPlaces } from '../../../temporal/worker-places.js';
import { inferenceTaskQueue } from '../contract/names.js';
import { recordingsApi } from '../http/api.js';
import { createApiSources } from '../http/create-api-sources.js';
import { createRecordingsMetrics, type RecordingsMetrics } from '../metrics/recordings-metrics.js';
import { RECORDINGS_SETTINGS, type RecordingsSettings } from '../settings/index.js';
import { createDependencies, type Dependencies } from './dependencies.js';
import { ensureIndexes, requireDeadLetters } from './prerequisites.js';
import { startWorkerRole, type CreateWorkerActivities, type RecordingsWorker } from './worker-role.js';

/** Makes the activities of both roles, which this room does not know. */
export interface RecordingsActivities {
  orchestrator: (made: ActivityParts, workerPlaces: () => Promise<Places>) => object;
  worker: (made: ActivityParts) => CreateWorkerActivities;
}

export interface ActivityParts extends Pick<ProcessParts, 'tracing' | 'log'> {
  config: RecordingsSettings;
  dependencies: Dependencies;
  metrics: RecordingsMetrics;
}

/** Makes what a process needs for recordings; its clients connect when they are first used. */
export function connectRecordings(lent: ProcessParts, activities: RecordingsActivities): ConnectedPipeline {
  const { log, roles, tracing, untilAvailable } = lent;
  const config = valuesOf(lent.settings, BASE_SETTINGS, RECORDINGS_SETTINGS);
  const startedAtMs = Date.now();
  const dependencies = createDependencies(config);
  let worker: RecordingsWorker | undefined;
  const metrics = createRecordingsMetrics(lent.metrics, {
    openBatches: () => worker?.held.size ?? 0,
    models: () => worker?.models() ?? {},
    poolUse: () => worker?.poolUse(),
  });
  const parts: ActivityParts = { config, dependencies, metrics, tracing, log };

  const placesOf = once(({ client }: TemporalAccess) =>
    watchWorkerPlaces({
      look: watchLiveWorkers(client, inferenceTaskQueue(lent.taskQueue)),
      ownPlaces: () => (lent.running() ? worker?.places : undefined),
      log,
    }),
  );
  const sourcesOf = once((temporal: TemporalAccess) =>
    createApiSources({
      ...temporal,
      sourceCollection: dependencies.source.sourceCollection,
      queue: dependencies.queueFor(config.SQS_QUEUE_URL),
      findDeadLetters: () => dependencies.findDeadLetters(config.SQS_QUEUE_URL),
      countInferenceWorkers: async () => (await placesOf(temporal)()).length,
      serviceMode: config.SERVICE_MODE,
      startedAtMs,
      metrics,
    }),
  );

  return {
    metrics,
    checks: [
      { name: 'sqs', check: () => dependencies.queueFor(config.SQS_QUEUE_URL).ping() },
      { name: 'database', check: () => dependencies.results.ping() },
      { name: 'source', check: () => dependencies.source.ping() },
    ],
    async prepare() {
      await untilAvailable(() => ensureIndexes(config, dependencies, roles, log));
      if (roles.worker) await untilAvailable(() => requireDeadLetters(config, dependencies));
    },
    api: (temporal) => recordingsApi(() => sourcesOf(temporal())),
    async startWorker() {
      worker = await startWorkerRole(config, dependencies, metrics, lent, activities.worker(parts));
      return worker;
    },
    orchestrator: (temporal) => ({
      activities: activities.orchestrator(parts, placesOf(temporal)),
      services: createBacklogServices(config, dependencies, metrics, temporal, placesOf(temporal), log),
    }),
    close: () => dependencies.close(),
  };
}

/** What is made of the first argument, and then kept: a process has one connection to Temporal. */
function once<Argument, Made>(make: (argument: Argument) => Made): (argument: Argument) => Made {
  let made: { it: Made } | undefined;
  return (argument) => (made ??= { it: make(argument) }).it;
}
