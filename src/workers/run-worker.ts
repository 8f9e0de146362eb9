import { hostTaskQueue } from '../contract/names.js';
import type { BaseSettings } from '../platform/config/base-settings.js';
import { rolesOf } from '../platform/config/settings/process-settings.js';
import type { RecordingsSettings } from '../pipelines/recordings/settings/index.js';
import { WORKFLOW_TYPES, inferenceTaskQueue } from '../pipelines/recordings/contract/names.js';
import type { Logger } from '../platform/logging/logger.js';
import { doneOrAborted } from '../platform/time/abort.js';
import { ownVersion } from '../platform/own-version.js';
import type { Tracing } from '../platform/tracing/start-tracing.js';
import type { MeasuredBacklog } from '../platform/metrics/backlog-metrics.js';
import { createMetrics } from '../platform/metrics/metrics.js';
import { createRecordingsMetrics } from '../pipelines/recordings/metrics/recordings-metrics.js';
import { connectClient, connectWorker, temporalNamespace } from '../temporal/connection.js';
import { verifyPayloadKeys } from '../temporal/encryption/verify-keys.js';
import { onTemporal } from '../temporal/on-temporal.js';
import { ensureSearchAttributes } from '../temporal/ensure-search-attributes.js';
import { countRunningWorkflows } from '../temporal/running-workflows.js';
import { PIPELINES, searchAttributesOf } from '../pipelines/index.js';
import { recordingsApi } from '../pipelines/recordings/http/api.js';
import { watchLiveWorkers } from '../temporal/live-workers.js';
import { createMetricSender, startBacklogPublisher } from './backlog-publisher.js';
import { startBacklogWatch } from './backlog-watch.js';
import { createTemporalRuns } from '../temporal/runs/temporal-runs.js';
import type { ApiSources } from '../pipelines/recordings/http/api-sources.js';
import { createApiSources } from '../pipelines/recordings/http/create-api-sources.js';
import { orchestratorActivities } from './create-activities.js';
import { createDependencies } from './dependencies.js';
import { drainWorkers } from './drain.js';
import { startHealthServer, type WorkerPhase } from './health-server.js';
import { watchInferencePlaces } from './inference-places.js';
import { startInferencePart, type InferencePart } from './inference-part.js';
import { createMetricsPage } from './metrics-page.js';
import { ensureIndexes, requireDeadLetters } from './prerequisites.js';
import { createReadiness, type ReadinessCheck } from './readiness.js';
import { startWorkers } from './start-workers.js';
import { closeAll } from './close-all.js';
import { stopWorker } from './run-together.js';
import { installTemporalRuntime } from './temporal-runtime.js';
import { startThroughputReports } from './throughput.js';
import { untilAvailable } from './until-available.js';

/**
 * The life of a worker process: starts what its role needs, works until the signal, drains, and leaves nothing open.
 *
 * @throws ConfigurationError, ModelInvalid when it cannot start as configured
 * @throws Error when a worker fails for good while it runs
 */
export async function runWorker(
  config: RecordingsSettings,
  log: Logger<string>,
  stopSignal: AbortSignal,
): Promise<void> {
  const plays = rolesOf(config.SERVICE_MODE);
  const temporalMetricsUrl = await installTemporalRuntime(log);
  const dependencies = createDependencies(config);
  const closers: (() => unknown)[] = [() => dependencies.close()];
  let closingFailures: unknown[];
  let phase: WorkerPhase = 'starting';
  let part: InferencePart | undefined;
  let api: ApiSources | undefined;
  const checks: ReadinessCheck[] = [];
  const processMetrics = createMetrics();
  const metrics = createRecordingsMetrics(processMetrics, {
    openBatches: () => part?.store.size ?? 0,
    models: () => part?.models() ?? {},
    poolUse: () => part?.poolUse(),
  });

  try {
    const tracing = await tracingOf(config, log);
    if (tracing !== undefined) closers.unshift(() => tracing.stop());
    const health = await startHealthServer({
      host: config.HEALTH_HOST,
      port: config.HEALTH_PORT,
      allowedHosts: config.HTTP_ALLOWED_HOSTS,
      serviceMode: config.SERVICE_MODE,
      phase: () => phase,
      models: () => part?.models() ?? {},
      readiness: createReadiness(checks),
      metrics: createMetricsPage({
        registry: processMetrics.registry,
        temporalMetricsUrl,
        hostTaskQueue: () =>
          part === undefined ? undefined : hostTaskQueue(config.TASK_QUEUE, part.role.hostId),
        log,
      }),
      api: { api: recordingsApi(() => api!), ready: () => api !== undefined, version: ownVersion(), log },
      log,
    });
    closers.push(() => health.close());

    if (plays.worker) {
      part = await startInferencePart(config, dependencies, metrics, tracing?.records, log, stopSignal);
      closers.push(() => part?.close());
    }
    const client = await untilAvailable(() => connectClient(config.PAYLOAD_ENCRYPTION_KEYS), log, stopSignal);
    closers.push(() => client.connection.close());
    await untilAvailable(() => ensureIndexes(config, dependencies, plays, log), log, stopSignal);
    const fromTemporal = (operation: string, call: () => Promise<void>): Promise<void> =>
      untilAvailable(() => onTemporal(operation, call), log, stopSignal);
    if (plays.orchestrator) {
      await fromTemporal('tell its search attributes', () =>
        ensureSearchAttributes(client, searchAttributesOf(PIPELINES)),
      );
    }
    if (plays.worker) {
      await untilAvailable(() => requireDeadLetters(config, dependencies), log, stopSignal);
    }
    await fromTemporal('list the open runs', () => verifyPayloadKeys(client, config.TASK_QUEUE));
    const connection = await untilAvailable(connectWorker, log, stopSignal);
    closers.push(() => connection.close());

    checks.push(
      {
        name: 'temporal',
        check: async () => {
          await client.workflowService.getSystemInfo({});
        },
      },
      { name: 'sqs', check: () => dependencies.queueFor(config.SQS_QUEUE_URL).ping() },
      { name: 'database', check: () => dependencies.results.ping() },
      { name: 'source', check: () => dependencies.source.ping() },
      ...(part === undefined ? [] : [{ name: 'csv', check: part.csv.ping.bind(part.csv) }]),
    );

    const inferencePlaces = watchInferencePlaces({
      look: watchLiveWorkers(client, inferenceTaskQueue(config.TASK_QUEUE)),
      ownPlaces: () => (phase === 'running' ? part?.role.maxConcurrency : undefined),
      log,
    });
    const countInferenceWorkers = async (): Promise<number> => (await inferencePlaces()).length;
    api = createApiSources({
      client,
      runs: createTemporalRuns(client),
      sourceCollection: dependencies.source.sourceCollection,
      queue: dependencies.queueFor(config.SQS_QUEUE_URL),
      findDeadLetters: () => dependencies.findDeadLetters(config.SQS_QUEUE_URL),
      countInferenceWorkers,
      serviceMode: config.SERVICE_MODE,
      metrics,
    });

    const workers = await startWorkers({
      connection,
      namespace: temporalNamespace(),
      taskQueue: config.TASK_QUEUE,
      payloadKeys: config.PAYLOAD_ENCRYPTION_KEYS,
      tracing,
      shutdownGraceSeconds: config.SHUTDOWN_GRACE_SECONDS,
      orchestrator: plays.orchestrator
        ? {
            activities: orchestratorActivities(
              config,
              dependencies,
              inferencePlaces,
              metrics,
              tracing?.records,
              log,
            ),
            version:
              config.WORKER_BUILD_ID === undefined
                ? undefined
                : { deploymentName: config.WORKER_DEPLOYMENT_NAME, buildId: config.WORKER_BUILD_ID },
          }
        : undefined,
      inference: part?.role,
    });
    // They hold the connection, which cannot be closed before they have stopped.
    closers.push(async () => {
      for (const worker of [workers.receiver, ...workers.others])
        if (worker !== undefined) stopWorker(worker);
      await workers.stopped.catch(() => undefined);
    });
    phase = 'running';
    const throughput = startThroughputReports(metrics, log);
    closers.push(() => throughput.stop());
    if (plays.orchestrator) {
      let backlog: MeasuredBacklog | undefined;
      const watch = startBacklogWatch({
        queueUrls: [config.SQS_QUEUE_URL, ...config.SQS_ALLOWED_QUEUE_URLS],
        queueFor: dependencies.queueFor,
        findDeadLetters: dependencies.findDeadLetters,
        countInferenceWorkers,
        countLanes: () => countRunningWorkflows(client, WORKFLOW_TYPES.inference, config.TASK_QUEUE),
        onMeasured: (measured) => {
          backlog = measured;
          metrics.showBacklog(measured);
        },
        log,
      });
      closers.push(() => watch.stop());
      closers.push(publishBacklog(config, () => backlog, log));
    }
    log.info('worker_started', {
      service_mode: config.SERVICE_MODE,
      task_queue: config.TASK_QUEUE,
      ...(config.WORKER_BUILD_ID === undefined ? {} : { build_id: config.WORKER_BUILD_ID }),
      ...(part === undefined ? {} : { host_id: part.role.hostId, decoder: part.decoder, ...part.models() }),
      health: health.url,
    });

    await doneOrAborted(workers.stopped, stopSignal);
    phase = 'draining';
    await drainWorkers(workers, part?.store, config.SHUTDOWN_GRACE_SECONDS, log);
  } catch (error) {
    // Told to stop while it still waited for a dependency: there is nothing to drain.
    if (!stopSignal.aborted) throw error;
  } finally {
    closingFailures = await closeAll(closers, log);
    log.info('worker_stopped', { outcomes: metrics.outcomes() });
  }
  if (closingFailures.length > 0) {
    throw new AggregateError(closingFailures, 'Not everything could be closed; the log has each failure.');
  }
}

/** For autoscaling, where a namespace is set. @returns what stops it */
function publishBacklog(
  config: Pick<BaseSettings, 'CLOUDWATCH_NAMESPACE' | 'TASK_QUEUE' | 'AWS_REGION'>,
  measured: () => MeasuredBacklog | undefined,
  log: Logger<string>,
): () => void {
  const { CLOUDWATCH_NAMESPACE: namespace, TASK_QUEUE: taskQueue, AWS_REGION: region } = config;
  if (namespace === undefined) return () => undefined;
  const client = createMetricSender(region);
  const publisher = startBacklogPublisher({ client, namespace, taskQueue, measured, log });
  return () => {
    publisher.stop();
    client.destroy();
  };
}

/** Loaded only where traces are wanted: OpenTelemetry's SDK takes memory and a moment at start. */
async function tracingOf(
  config: Pick<BaseSettings, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'TRACE_RATIO' | 'SERVICE_MODE'>,
  log: Logger<string>,
): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACE_RATIO: ratio, SERVICE_MODE: serviceMode } = config;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import('../platform/tracing/start-tracing.js');
  return startTracing({
    endpoint,
    ratio,
    batchIdStarts: PIPELINES.map(({ batchIdStart }) => batchIdStart),
    serviceMode,
    version: ownVersion(),
    log,
  });
}
