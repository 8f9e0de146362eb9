import { readEnvironment } from '../platform/config/environment.js';
import { ConfigurationError, VachanError } from '../platform/errors.js';
import type { BaseLogEvent } from '../platform/logging/log-event.js';
import { createLogger } from '../platform/logging/logger.js';
import { forceStopAfter } from './forced-stop.js';
import { rolesOf } from '../platform/config/settings/process-settings.js';
import { runWorker } from './run-worker.js';
import { stopSignals } from './stop-signals.js';
import { BASE_SETTINGS } from '../platform/config/base-settings.js';
import { loadServed } from '../platform/config/served-pipelines.js';
import { withSettings } from '../pipelines/index.js';
import type { Pipeline } from '../pipelines/pipeline.js';

/** Older ones can lose count of their async hooks in a workflow thread: docs/decisions.md has the measurement. */
const STEADY_NODE_MAJOR = 24;

export interface ProcessOptions {
  /** Instead of the bundle that the build made of `workflows/index.ts`. */
  workflowBundle?: { codePath: string };
}

/** Runs a worker process of those pipelines that its settings name, to its very end: it exits. */
export function runProcess(pipelines: readonly Pipeline[], options: ProcessOptions = {}): void {
  work(pipelines, options).then(
    () => process.exit(0),
    (error: unknown) => {
      const message = error instanceof VachanError ? error.message : (error as Error).stack;
      process.stderr.write(`vachan worker: ${message}\n`);
      process.exit(1);
    },
  );
}

async function work(pipelines: readonly Pipeline[], options: ProcessOptions): Promise<void> {
  const { served, settings: config } = loadServed(
    readEnvironment(),
    BASE_SETTINGS,
    await withSettings(pipelines),
  );
  const log = createLogger({
    level: config.LOG_LEVEL,
    base: { service: 'vachan', pid: process.pid },
    secretWords: pipelines.map(({ secretWords }) => secretWords),
  });
  const nodeMajor = Number(process.versions.node.split('.')[0]);
  if (rolesOf(config.SERVICE_MODE).orchestrator && nodeMajor < STEADY_NODE_MAJOR) {
    log.warn('node_version_discouraged', { node: process.versions.node, recommended: STEADY_NODE_MAJOR });
  }
  const stop = new AbortController();
  const onSignal = stopSignals({
    onStop: () => {
      stop.abort();
      forceStopAfter(config.SHUTDOWN_GRACE_SECONDS, log);
    },
    // Now: what is unfinished comes back when its visibility runs out.
    onInsist: () => process.exit(1),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  try {
    await runWorker(served, config, log, stop.signal, options.workflowBundle);
  } catch (error) {
    log.fatal(endingEvent(error), { error });
    throw error;
  }
}

/** What waiting and trying again has not fixed is known by its name, and no defect. */
function endingEvent(error: unknown): BaseLogEvent {
  if (error instanceof ConfigurationError) return 'configuration_invalid';
  return error instanceof VachanError ? 'worker_failed' : 'unexpected_error';
}
