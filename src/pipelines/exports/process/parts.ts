import type { S3Client } from '@aws-sdk/client-s3';
import type { Places } from '../../../contract/backlog.js';
import type { ByteBudget } from '../../../platform/byte-budget.js';
import type { DeadLetterQueue } from '../../../queue/dead-letter-queue.js';
import type { MessageQueue } from '../../../queue/message-queue.js';
import type { WebhookTry } from '../../../contract/webhook.js';
import type { EndpointStates } from '../../../webhook/endpoint-states.js';
import type { WebhookEndpoint } from '../../../webhook/endpoint.js';
import type { ExportEvents } from '../events/export-events.js';
import type { TemporalAccess } from '../../pipeline.js';
import type { JobRef } from '../contract/job-ref.js';
import type { Priority } from '../contract/priority.js';
import type { LinkOpener } from '../export-api/link/open-link.js';
import type { ExportSources } from '../export-api/sources.js';
import type { Logger } from '../../../platform/logging/logger.js';
import type { MetadataStore } from '../metadata/metadata-store.js';
import type { ExportsMetrics } from '../metrics/exports-metrics.js';
import type { ExportsSettings } from '../settings/index.js';
import type { ExportState } from '../state/job-state.js';
import type { Uploader } from '../upload/uploader.js';

/** The real clients of one process, made once from its settings; none connects before it is first used. */
export interface ExportDependencies {
  s3: S3Client;
  state: ExportState;
  sources: ExportSources;
  metadata: MetadataStore;
  files: LinkOpener;
  uploader: Uploader;
  events: ExportEvents;
  /** Where events are sent; undefined where no address is set. */
  endpoint: WebhookEndpoint | undefined;
  endpointStates: EndpointStates;
  /** Aborts old uploads of jobs that do not run. @returns how many */
  sweepUploads: (isRunning: (job: JobRef) => Promise<boolean>, signal?: AbortSignal) => Promise<number>;
  budget: ByteBudget;
  jobsQueue: MessageQueue;
  /** The queue of a priority's tasks; not its `own` where it shares that of normal ones. */
  tasksQueue: (priority: Priority) => { queue: MessageQueue; own: boolean };
  /** The queue's dead-letter messages; undefined where it has none. */
  findDeadLetters: (queueUrl: string) => Promise<DeadLetterQueue | undefined>;
  close(): Promise<void>;
}

/** What the activities of every role are made with. */
export interface ExportParts {
  config: ExportsSettings;
  dependencies: ExportDependencies;
  metrics: ExportsMetrics;
  /** Asked only once Temporal can be. */
  temporal: () => TemporalAccess;
  /** Of the live workers, each one's places. */
  workerPlaces: () => Promise<Places>;
  /** Told how many files of a job wait to be sent. */
  onUndispatched: (job: JobRef, files: number) => void;
  /** Told how many tasks were sent. */
  onSent: (tasks: number) => void;
  /** Told what came of each try to deliver an event. */
  onTry: (outcome: WebhookTry['outcome']) => void;
  /** Told of every attempt at an activity. */
  onAttempt: (attempt: { activity: string; attempt: number; seconds: number; failed: boolean }) => void;
  log: Logger<string>;
}
