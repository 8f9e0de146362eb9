import { addCounts, type Counts } from '../contract/counts.js';
import type { LoadedPipeline } from '../pipelines/index.js';
import type {
  ActivityPoller,
  BackgroundService,
  ConnectedPipeline,
  HeldWork,
  OrchestratorRole,
  ProcessParts,
  ReadinessCheck,
  TemporalAccess,
  WorkerRole,
} from '../pipelines/pipeline.js';
import type { Api } from '../platform/http/api.js';
import type { Logger } from '../platform/logging/logger.js';
import type { OrchestratorWorker } from './start-workers.js';

/** A served pipeline's part of this process, and what has been started of it so far. */
export interface ServedPart {
  name: string;
  taskQueue: string;
  connected: ConnectedPipeline;
  worker?: WorkerRole;
  temporal?: TemporalAccess;
  orchestrator?: OrchestratorRole;
  log: Logger<string>;
}

/** Connects a pipeline under its own name in the log. @throws ConfigurationError */
export async function connectPart(
  { name, taskQueue, connect }: LoadedPipeline,
  lent: Omit<ProcessParts, 'taskQueue'>,
): Promise<ServedPart> {
  const own = { taskQueue: taskQueue(lent.settings.TASK_QUEUE), log: lent.log.child({ pipeline: name }) };
  return { name, ...own, connected: await connect({ ...lent, ...own }) };
}

/** The endpoints of all parts as one API; to be asked once every part has Temporal. */
export function apiOf(parts: readonly ServedPart[]): Api {
  const apis = parts.map((part) => part.connected.api(() => part.temporal!));
  return {
    operations: apis.flatMap(({ operations }) => operations),
    components: Object.assign({}, ...apis.map(({ components }) => components)) as Api['components'],
  };
}

export function pollersOf(parts: readonly ServedPart[]): ActivityPoller[] {
  return parts.flatMap(({ worker, orchestrator }) => [
    ...(worker?.pollers ?? []),
    ...(orchestrator?.pollers ?? []),
  ]);
}

export function orchestratorsOf(parts: readonly ServedPart[]): OrchestratorWorker[] {
  return parts.flatMap(({ orchestrator, taskQueue }) =>
    orchestrator === undefined ? [] : [{ activities: orchestrator.activities, taskQueue }],
  );
}

export function servicesOf(parts: readonly ServedPart[]): BackgroundService[] {
  return parts.flatMap(({ worker, orchestrator }) => [
    ...(worker?.services ?? []),
    ...(orchestrator?.services ?? []),
  ]);
}

export function heldBy(parts: readonly ServedPart[]): HeldWork[] {
  return parts.flatMap(({ worker, orchestrator }) => [worker?.held ?? [], orchestrator?.held ?? []].flat());
}

/** Where several pipelines are served each check says whose it is: two of one name would show as one. */
export function checksOf(parts: readonly ServedPart[]): ReadinessCheck[] {
  return parts.flatMap(({ name: pipeline, connected, worker }) =>
    [...connected.checks, ...(worker?.checks ?? [])].map(({ name, check }) => ({
      name: parts.length > 1 ? `${pipeline} ${name}` : name,
      check,
    })),
  );
}

/** What the parts tell of themselves, as it is now. */
export function stateOf(parts: readonly ServedPart[]): Record<string, unknown> {
  return Object.assign({}, ...parts.map(({ worker }) => worker?.state())) as Record<string, unknown>;
}

/** The same, for the line of the start. */
export function factsOf(parts: readonly ServedPart[]): Record<string, unknown> {
  const facts = Object.assign({}, ...parts.map(({ worker }) => worker?.facts)) as Record<string, unknown>;
  return { ...facts, ...stateOf(parts) };
}

/** Deliveries by outcome since the process started. */
export function outcomesOf(parts: readonly ServedPart[]): Counts {
  return parts.reduce<Counts>(
    (sum, { connected }) => addCounts(sum, connected.metrics?.outcomes() ?? {}),
    {},
  );
}
