import { searchAttributesOf, type LoadedPipeline } from '../pipelines/index.js';
import type { ReadinessCheck } from '../pipelines/pipeline.js';
import type { BaseSettings } from '../platform/config/base-settings.js';
import { rolesOf } from '../platform/config/settings/process-settings.js';
import type { Logger } from '../platform/logging/logger.js';
import { createMetrics } from '../platform/metrics/metrics.js';
import { ConfigurationError } from '../platform/errors.js';
import { ownVersion } from '../platform/own-version.js';
import { doneOrAborted } from '../platform/time/abort.js';
import type { Tracing } from '../platform/tracing/start-tracing.js';
import { connectClient, connectWorker, temporalNamespace } from '../temporal/connection.js';
import { verifyPayloadKeys } from '../temporal/encryption/verify-keys.js';
import { ensureSearchAttributes } from '../temporal/ensure-search-attributes.js';
import { onTemporal } from '../temporal/on-temporal.js';
import { keepSchedules } from '../temporal/schedules/standing-schedules.js';
import { createTemporalRuns } from '../temporal/runs/temporal-runs.js';
import { closeAll } from './close-all.js';
import { drainWorkers } from './drain.js';
import { tokenDigest } from './http/caller.js';
import { startHealthServer, type WorkerPhase } from './health-server.js';
import { createMetricsPage } from './metrics-page.js';
import { createReadiness } from './readiness.js';
import { stopWorker } from './run-together.js';
import {
  apiOf,
  checksOf,
  connectPart,
  factsOf,
  heldBy,
  orchestratorsOf,
  outcomesOf,
  pollersOf,
  servicesOf,
  stateOf,
  type ServedPart,
} from './served-parts.js';
import { startWorkers } from './start-workers.js';
import { installTemporalRuntime } from './temporal-runtime.js';
import { startThroughputReports } from './throughput.js';
import { untilAvailable } from './until-available.js';

/** The base's settings, and those of the pipelines that are served. */
export type ProcessSettings = BaseSettings & Readonly<Record<string, unknown>>;

/**
 * The life of a worker process: starts what its roles need for each pipeline, works until the signal, drains, and
 * leaves nothing open.
 *
 * @throws ConfigurationError, or a pipeline's own error, when it cannot start as configured
 * @throws Error when a worker fails for good while it runs
 */
export async function runWorker(
  pipelines: readonly LoadedPipeline[],
  config: ProcessSettings,
  log: Logger<string>,
  stopSignal: AbortSignal,
  workflowBundle?: { codePath: string },
): Promise<void> {
  const roles = rolesOf(config.SERVICE_MODE);
  const temporalMetricsUrl = await installTemporalRuntime(log);
  const closers: (() => unknown)[] = [];
  let closingFailures: unknown[];
  let phase: WorkerPhase = 'starting';
  const metrics = createMetrics();
  const parts: ServedPart[] = [];
  const checks: ReadinessCheck[] = [];
  const waiting = <T>(attempt: () => Promise<T>, mostTries?: number): Promise<T> =>
    untilAvailable(attempt, log, stopSignal, mostTries);
  const fromTemporal = (operation: string, call: () => Promise<void>): Promise<void> =>
    waiting(() => onTemporal(operation, call));

  try {
    const tracing = await tracingOf(config, pipelines, log);
    if (tracing !== undefined) closers.push(() => tracing.stop());
    for (const pipeline of pipelines) {
      const part = await connectPart(pipeline, {
        settings: config,
        roles,
        metrics,
        tracing: tracing?.records,
        log,
        running: () => phase === 'running',
        untilAvailable: waiting,
      });
      closers.push(() => part.connected.close());
      parts.push(part);
    }
    const health = await startHealthServer({
      host: config.HEALTH_HOST,
      port: config.HEALTH_PORT,
      allowedHosts: config.HTTP_ALLOWED_HOSTS,
      serviceMode: config.SERVICE_MODE,
      phase: () => phase,
      state: () => stateOf(parts),
      readiness: createReadiness(checks),
      metrics: createMetricsPage({
        registry: metrics.registry,
        temporalMetricsUrl,
        ownTaskQueues: () =>
          pollersOf(parts).flatMap(({ own, taskQueue }) => (own === true ? taskQueue : [])),
        log,
      }),
      api: {
        api: apiOf(parts),
        ready: () => parts.every(({ temporal }) => temporal !== undefined),
        version: ownVersion(),
        tokenDigest: config.HTTP_API_TOKEN === undefined ? undefined : tokenDigest(config.HTTP_API_TOKEN),
        log,
      },
      log,
    });
    closers.push(() => health.close());

    for (const part of roles.worker ? parts : []) {
      const worker = await part.connected.startWorker?.(() => part.temporal!);
      if (worker === undefined) continue;
      closers.push(() => worker.close());
      part.worker = worker;
    }
    if (!roles.orchestrator) refuseIdle(parts, config.SERVICE_MODE);
    const client = await waiting(() => connectClient(config.PAYLOAD_ENCRYPTION_KEYS));
    closers.push(() => client.connection.close());
    for (const { connected } of parts) await connected.prepare();
    if (roles.orchestrator) {
      await fromTemporal('tell its search attributes', () =>
        ensureSearchAttributes(client, searchAttributesOf(pipelines)),
      );
    }
    for (const { taskQueue } of parts) {
      await fromTemporal('list the open runs', () => verifyPayloadKeys(client, taskQueue));
    }
    const connection = await waiting(connectWorker);
    closers.push(() => connection.close());

    checks.push({
      name: 'temporal',
      check: async () => {
        await client.workflowService.getSystemInfo({});
      },
    });
    checks.push(...checksOf(parts));
    const runs = createTemporalRuns(client);
    for (const part of parts) {
      part.temporal = { client, runs, taskQueue: part.taskQueue };
      if (!roles.orchestrator) continue;
      const { taskQueue } = part;
      part.orchestrator = part.connected.orchestrator(part.temporal);
      const { schedules = [] } = part.orchestrator;
      await fromTemporal('keep its schedules', () => keepSchedules(client, taskQueue, schedules));
    }

    const workers = await startWorkers({
      connection,
      namespace: temporalNamespace(),
      payloadKeys: config.PAYLOAD_ENCRYPTION_KEYS,
      tracing,
      shutdownGraceSeconds: config.SHUTDOWN_GRACE_SECONDS,
      version:
        config.WORKER_BUILD_ID === undefined
          ? undefined
          : { deploymentName: config.WORKER_DEPLOYMENT_NAME, buildId: config.WORKER_BUILD_ID },
      workflowBundle,
      orchestrators: orchestratorsOf(parts),
      pollers: pollersOf(parts),
    });
    // They hold the connection, which cannot be closed before they have stopped.
    closers.push(async () => {
      for (const worker of [...workers.receivers, ...workers.others]) stopWorker(worker);
      await workers.stopped.catch(() => undefined);
    });
    phase = 'running';
    for (const part of parts) {
      if (part.connected.metrics === undefined) continue;
      const reports = startThroughputReports(part.connected.metrics, part.log);
      closers.push(() => reports.stop());
    }
    const services = servicesOf(parts);
    for (const service of services) {
      closers.push(() => service.close());
      service.start();
    }
    log.info('worker_started', {
      service_mode: config.SERVICE_MODE,
      pipelines: pipelines.map(({ name }) => name),
      task_queue: config.TASK_QUEUE,
      ...(config.WORKER_BUILD_ID === undefined ? {} : { build_id: config.WORKER_BUILD_ID }),
      ...factsOf(parts),
      health: health.url,
    });

    await doneOrAborted(workers.stopped, stopSignal);
    phase = 'draining';
    await drainWorkers({ workers, services, held: heldBy(parts) }, config.SHUTDOWN_GRACE_SECONDS, log);
  } catch (error) {
    // Told to stop while it still waited for a dependency: there is nothing to drain.
    if (!stopSignal.aborted) throw error;
  } finally {
    closingFailures = await closeAll(closers, log);
    log.info('worker_stopped', { outcomes: outcomesOf(parts) });
  }
  if (closingFailures.length > 0) {
    throw new AggregateError(closingFailures, 'Not everything could be closed; the log has each failure.');
  }
}

/** @throws ConfigurationError where no pipeline has work for a process that is no orchestrator */
function refuseIdle(parts: readonly ServedPart[], mode: string): void {
  if (pollersOf(parts).length > 0) return;
  const names = parts.map(({ name }) => name).join(', ');
  throw new ConfigurationError(`SERVICE_MODE is ${mode}, and ${names} has no such role: set it to all.`);
}

/** Loaded only where traces are wanted: OpenTelemetry's SDK takes memory and a moment at start. */
async function tracingOf(
  config: Pick<BaseSettings, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'TRACE_RATIO' | 'SERVICE_MODE'>,
  pipelines: readonly LoadedPipeline[],
  log: Logger,
): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACE_RATIO: ratio, SERVICE_MODE: serviceMode } = config;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import('../platform/tracing/start-tracing.js');
  return startTracing({
    endpoint,
    ratio,
    batchIdStarts: pipelines.flatMap(({ batchIdStart }) => batchIdStart ?? []),
    serviceMode,
    version: ownVersion(),
    log,
  });
}
