import type { Client } from '@temporalio/client';
import type { CommandGroups } from '../commands/command-definition.js';
import type { DeadLetterPresentation } from '../commands/dead-letters/dead-letter-view.js';
import type { DoctorPart } from '../commands/finding.js';
import type { RunPresentation } from '../commands/runs/run-view.js';
import type { BaseSettings } from '../platform/config/base-settings.js';
import type { SettingGroups } from '../platform/config/settings-table.js';
import type { Api } from '../platform/http/api.js';
import type { SecretWords } from '../platform/logging/redactor.js';
import type { Logger } from '../platform/logging/logger.js';
import type { Metrics, PipelineMetrics } from '../platform/metrics/metrics.js';
import type { RecordTracing } from '../platform/tracing/record-tracing.js';
import type { Runs } from '../temporal/runs/runs.js';
import type { WebhookLog } from '../webhook/webhook-log.js';
import type { Environment } from '../platform/config/environment.js';
import type { StandingSchedule } from '../temporal/schedules/standing-schedules.js';

/**
 * All that the process and the command line know of a pipeline. What stands here is read by every command, `--help`
 * included, so that a pipeline's file imports nothing heavy: the rest is loaded by the functions.
 */
export interface Pipeline {
  /** As `PIPELINES` has it. */
  readonly name: string;
  /** Its own settings, beside the base's. */
  readonly settings: () => Promise<SettingGroups>;
  /** Where its orchestrators listen, of an installation whose `TASK_QUEUE` this is. */
  readonly taskQueue: (base: string) => string;
  /** Who has to work there, in words, and the task queues by which their processes are known. */
  readonly roles: (base: string) => readonly { name: string; taskQueue: string }[];
  /** Names of the search attributes of its workflows, all keywords. */
  readonly searchAttributes: readonly string[];
  /** What the workflow ids of its batches start with: their spans are sampled. Undefined where it has none. */
  readonly batchIdStart?: string;
  /** Names of what is never logged. */
  readonly secretWords: SecretWords;
  /** Makes its part of a process; what it opens connects when it is first used. @throws ConfigurationError */
  readonly connect: (lent: ProcessParts) => Promise<ConnectedPipeline>;

  /** What it is for, in a sentence of `vachan --help`. */
  readonly about: string;
  /** Command lines that are worth trying first, with what they do. */
  readonly examples: readonly string[];
  readonly commands: CommandGroups;
  readonly runs: RunPresentation;
  /** Undefined where it has no dead-letter queues. */
  readonly deadLetters?: DeadLetterPresentation;
  /** What became of the events that it sends; undefined where it sends none. */
  readonly webhooks?: {
    /** @throws ConfigurationError */
    open: (environment: Environment) => Promise<WebhookLog>;
  };
  readonly doctor: DoctorPart;
}

/** What the process lends to a pipeline. */
export interface ProcessParts {
  /** The base's and the pipeline's own, checked. */
  settings: BaseSettings & Readonly<Record<string, unknown>>;
  roles: { orchestrator: boolean; worker: boolean };
  /** Where the pipeline's orchestrators listen; other queues of its own are named after it. */
  taskQueue: string;
  metrics: Metrics;
  /** Undefined where nothing is traced. */
  tracing: RecordTracing | undefined;
  log: Logger<string>;
  /** True between the start and the first sign of an end. */
  running: () => boolean;
  /**
   * Tries until a dependency answers, and gives up when the process is told to stop.
   *
   * @param mostTries for what is part of this process: where it fails so often, a new process may do better
   */
  untilAvailable: <T>(attempt: () => Promise<T>, mostTries?: number) => Promise<T>;
}

/** Temporal, as a pipeline's part of a process sees it. */
export interface TemporalAccess {
  client: Client;
  runs: Runs;
  /** Where the pipeline's orchestrators listen. */
  taskQueue: string;
}

/** A pipeline's part of one process. */
export interface ConnectedPipeline {
  /** Asked for the process to be ready, once it runs. */
  checks: readonly ReadinessCheck[];
  /** Counts of its deliveries, for the log; undefined where there is no queue. */
  metrics?: Pick<PipelineMetrics, 'acknowledged' | 'outcomes'>;
  /** Reaches its databases, creates the indexes that they lack, and refuses what would only fail later. @throws ConfigurationError */
  prepare: () => Promise<void>;
  /** Its endpoints; asked only once Temporal can be. */
  api: (temporal: () => TemporalAccess) => Api;
  /**
   * Called where the process plays the role, before Temporal is reached. Undefined where orchestrators do all there is.
   *
   * @param temporal asked only once Temporal can be: by the role's services, from their start on
   */
  startWorker?: (temporal: () => TemporalAccess) => Promise<WorkerRole>;
  /** Called where the process plays the role. */
  orchestrator: (temporal: TemporalAccess) => OrchestratorRole;
  /** Closes what it has opened, once every worker and service has stopped. */
  close: () => Promise<void>;
}

/** One thing that must answer before a process is of use. */
export interface ReadinessCheck {
  name: string;
  check: () => Promise<void>;
}

/** What one process does for the runs of a pipeline. */
export interface OrchestratorRole {
  /** By name; the workflows are those of the bundle. */
  activities: object;
  /** Task queues beside the one of the workflows, such as one whose rate the whole installation shares. */
  pollers?: readonly ActivityPoller[];
  services: readonly BackgroundService[];
  /** What is finished or given back before the process ends. */
  held?: HeldWork;
  /** Kept by every process that plays the role. */
  schedules?: readonly StandingSchedule[];
}

/** What one process does of a pipeline's work itself. */
export interface WorkerRole {
  pollers: readonly ActivityPoller[];
  services: readonly BackgroundService[];
  /** What is finished or given back before the process ends. */
  held: HeldWork;
  checks: readonly ReadinessCheck[];
  /** Of this process's part, for the line of its start, e.g. which decoder it has found. */
  facts: Readonly<Record<string, unknown>>;
  /** What may change while it runs, such as a model; for that line and for health. */
  state: () => Readonly<Record<string, unknown>>;
  close: () => Promise<void>;
}

/** A task queue whose activities a process takes. */
export interface ActivityPoller {
  taskQueue: string;
  activities: object;
  /**
   * Tasks at once. With `held`, a task is asked for only while what is held leaves a place, and with a `gate` only while
   * that is open; the process tells others how many places it has.
   */
  slots: number | GatedSlots;
  /** `first`: takes new work, and stops as soon as the process drains. `last`: serves what is held. */
  stops: 'first' | 'last';
  /** What the process tells others who look at this queue: how many units of work it takes at once. */
  places?: number;
  /** Most tasks a second of the task queue, all of its processes together. @default no limit */
  maxPerSecond?: number;
  /** True for a queue that is this process's alone, of a name that is new at every start. */
  own?: boolean;
}

export interface GatedSlots {
  places: number;
  held?: HeldWork;
  gate?: SlotGate;
}

/** What may keep a process from taking work for which it has a place, beside what it has; of each kind it takes one in any case. */
export interface SlotGate {
  isOpen(): boolean;
  /** Called whenever it may have opened. */
  onChange(listener: () => void): void;
}

/** Units of work that a process holds, such as batches. */
export interface HeldWork {
  readonly size: number;
  /** Called after every change of `size`. */
  onChange(listener: () => void): void;
  giveBackAll(): Promise<void>;
}

/** Something that goes on beside the workers: a poller, a watch. */
export interface BackgroundService {
  start: () => void;
  /** Takes nothing new from now on; what it holds is among the role's held work. */
  drain?: () => void;
  close: () => Promise<void> | void;
}
