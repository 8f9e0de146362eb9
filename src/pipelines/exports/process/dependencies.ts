import { connectS3 } from '../../../objects/s3-client.js';
import { createByteBudget } from '../../../platform/byte-budget.js';
import { findDeadLetterQueue } from '../../../queue/dead-letter-queue.js';
import type { MessageQueue } from '../../../queue/message-queue.js';
import { createSqsClient } from '../../../queue/sqs-client.js';
import { createSqsQueue } from '../../../queue/sqs-queue.js';
import { createWebhookEndpoint } from '../../../webhook/endpoint.js';
import { createEndpointObjects } from '../events/endpoint-objects.js';
import { createExportEvents } from '../events/export-events.js';
import type { Priority } from '../contract/priority.js';
import { createExportSources, type SourcesOptions } from '../export-api/sources.js';
import { createMetadataStore } from '../metadata/create-metadata-store.js';
import type { ExportsSettings } from '../settings/index.js';
import { createExportState } from '../state/job-state.js';
import { jobKeys } from '../state/keys.js';
import { connectStore, connectUploads } from '../upload/connect-uploads.js';
import { createLinks } from '../export-api/link/create-links.js';
import { createScratchFolder } from '../export-api/link/spool/scratch-folder.js';
import { createSpool } from '../export-api/link/spool/create-spool.js';
import type { ExportDependencies } from './parts.js';

/** @throws ConfigurationError where a source cannot be used as it is described */
export function createDependencies(
  config: ExportsSettings,
  options: Pick<SourcesOptions, 'onAttempt' | 'onBreaker'>,
): ExportDependencies {
  const s3 = connectS3(config);
  const sqs = createSqsClient({ region: config.AWS_REGION });
  const queueOf = (url: string): MessageQueue => createSqsQueue({ client: sqs, url });
  const normal = queueOf(config.DOWNLOAD_TASKS_QUEUE_URL);
  const urls: Partial<Record<Priority, string | undefined>> = {
    high: config.DOWNLOAD_TASKS_QUEUE_URL_HIGH,
    low: config.DOWNLOAD_TASKS_QUEUE_URL_LOW,
  };
  const own = new Map<Priority, MessageQueue>([['normal', normal]]);
  for (const priority of ['high', 'low'] as const) {
    const url = urls[priority];
    if (url !== undefined) own.set(priority, queueOf(url));
  }
  const jobsQueue = queueOf(config.EXPORT_JOBS_QUEUE_URL);
  const sources = createExportSources(config, options);
  const state = createExportState(s3, config.EXPORT_STATE_PREFIX);
  const endpoint = createWebhookEndpoint(config);
  const budget = createByteBudget(config.EXPORT_BUFFER_BYTES);
  const uploads = connectUploads(config, { s3, state, budget });
  const metadata = createMetadataStore(config);
  // The state may be in another account's bucket than the output.
  const spoolStore = connectStore(config, s3);
  const scratch = createScratchFolder(config.SCRATCH_PATH);
  const { bucket } = config.EXPORT_STATE_PREFIX;
  const files = createLinks(config, sources, (links) =>
    createSpool(config.EXPORT_SPOOL, links, {
      store: spoolStore,
      budget,
      place: (job, ordinal) => ({ bucket, key: jobKeys(config.EXPORT_STATE_PREFIX, job).spool(ordinal) }),
      remove: ({ key }) => state.objects.delete(key),
      scratch,
    }),
  );

  return {
    s3,
    state,
    sources,
    metadata,
    events: createExportEvents(state),
    endpoint,
    endpointStates: createEndpointObjects(state),
    files,
    uploader: uploads.uploader,
    sweepUploads: (isRunning, signal) => uploads.sweep(isRunning, signal),
    budget,
    jobsQueue,
    tasksQueue: (priority) => ({ queue: own.get(priority) ?? normal, own: own.has(priority) }),
    findDeadLetters: (url) => findDeadLetterQueue(sqs, url),
    async close() {
      // Polls that were cut may still bring messages, which are given back before the client goes.
      await Promise.all([jobsQueue, ...own.values()].map((queue) => queue.idle()));
      endpoint?.close();
      sources.close();
      files.close();
      spoolStore.close();
      uploads.close();
      metadata.close();
      sqs.destroy();
      s3.destroy();
      await scratch.remove();
    },
  };
}
