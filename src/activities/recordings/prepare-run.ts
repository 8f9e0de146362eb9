import type { RecordingsSettings } from '../../pipelines/recordings/settings/index.js';
import { storedAddress } from '../../objects/address.js';
import { WORKFLOW_TYPES, discoveryWorkflowId } from '../../pipelines/recordings/contract/names.js';
import { preview, printable } from '../../platform/text/printable.js';
import {
  discoveryInputSchema,
  ingestInputSchema,
  nightlyInputSchema,
  type DiscoveryInput,
} from '../../pipelines/recordings/contract/workflow-inputs.js';
import { QueueRefused } from '../../queue/queue-refused.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import type { StateRepository } from '../../pipelines/recordings/results/state-repository.js';
import type { SourceRepository } from '../../pipelines/recordings/sources/source-repository.js';
import type { OrchestratorActivities } from './activity-types.js';
import { checkedInput, invalidInput } from '../shared/checked-input.js';
import { dateInTimeZone } from './date-in-time-zone.js';

export interface PrepareDependencies {
  config: Pick<
    RecordingsSettings,
    | 'SQS_QUEUE_URL'
    | 'SQS_ALLOWED_QUEUE_URLS'
    | 'MONGO_TO_SQS_MODE'
    | 'SUBJECT_NAME'
    | 'WATERMARK_LOOKBACK_SECONDS'
    | 'QUEUE_EMPTY_CONFIRM_SECONDS'
    | 'MAX_RECORDS'
    | 'DISCOVERY_BATCH_SIZE'
    | 'BATCH_SIZE'
    | 'POLL_INTERVAL_SECONDS'
  >;
  source: Pick<SourceRepository, 'sourceCollection'>;
  states: Pick<StateRepository, 'load'>;
  queueFor: (queueUrl: string) => Pick<MessageQueue, 'ping'>;
  log: RecordingsLogger;
}

type PrepareActivities = Pick<OrchestratorActivities, 'prepareDiscovery' | 'prepareIngest' | 'prepareNight'>;

/** Checks workflow inputs and completes them from the settings and the stored state. */
export function createPrepareActivities({
  config,
  source,
  states,
  queueFor,
  log,
}: PrepareDependencies): PrepareActivities {
  const allowedQueue = (queueUrl: string | undefined): string => {
    const wanted = queueUrl ?? config.SQS_QUEUE_URL;
    if (wanted === config.SQS_QUEUE_URL || config.SQS_ALLOWED_QUEUE_URLS.includes(wanted)) return wanted;
    throw invalidInput(
      `queue_url: ${printable(storedAddress(wanted), 300)} is neither SQS_QUEUE_URL nor listed in SQS_ALLOWED_QUEUE_URLS of the worker`,
    );
  };
  /** Somebody waits for this answer, so a refusal is one at once; later in the run it is waited out. */
  const usableQueue = async (wanted: string | undefined): Promise<string> => {
    const queueUrl = allowedQueue(wanted);
    try {
      await queueFor(queueUrl).ping();
    } catch (error) {
      if (error instanceof QueueRefused) throw invalidInput(error.message);
      throw error;
    }
    return queueUrl;
  };

  return {
    async prepareDiscovery(raw) {
      const input = checkedInput(discoveryInputSchema, raw, WORKFLOW_TYPES.discovery);
      const mode = input.mode ?? config.MONGO_TO_SQS_MODE;
      const queueUrl = await usableQueue(input.queue_url);
      const stored =
        mode === 'incremental' ? await states.load(source.sourceCollection, input.test_date) : null;
      const watermark = stored?.watermark ?? null;
      const named = { source_collection: source.sourceCollection, test_date: input.test_date, mode };
      if (watermark !== null) log.info('watermark_loaded', { ...named, watermark });
      else log.info('watermark_missing', { ...named, ignored: mode !== 'incremental' });
      log.info('discovery_run_started', named);

      return {
        source_collection: source.sourceCollection,
        test_date: input.test_date,
        subject_name: input.subject_name ?? config.SUBJECT_NAME,
        mode,
        queue_url: queueUrl,
        await_queue: input.await_queue ?? true,
        lookback_seconds: config.WATERMARK_LOOKBACK_SECONDS,
        empty_confirm_seconds: config.QUEUE_EMPTY_CONFIRM_SECONDS,
        limits: {
          max_concurrency: input.max_concurrency ?? null,
          max_records: input.max_records ?? config.MAX_RECORDS ?? null,
          discovery_batch_size: input.discovery_batch_size ?? config.DISCOVERY_BATCH_SIZE,
          batch_size: input.batch_size ?? config.BATCH_SIZE,
          poll_interval_seconds: input.poll_interval_seconds ?? config.POLL_INTERVAL_SECONDS,
        },
        watermark,
        history_event_limit: input.history_event_limit ?? null,
      };
    },

    async prepareIngest(raw) {
      const input = checkedInput(ingestInputSchema, raw ?? {}, WORKFLOW_TYPES.ingest);
      return {
        queue_url: await usableQueue(input.queue_url),
        empty_confirm_seconds: config.QUEUE_EMPTY_CONFIRM_SECONDS,
        max_concurrency: input.max_concurrency ?? null,
        batch_size: input.batch_size ?? config.BATCH_SIZE,
        until_empty: input.until_empty ?? false,
        history_event_limit: input.history_event_limit ?? null,
      };
    },

    prepareNight(raw, scheduledStartTime) {
      const input = checkedInput(nightlyInputSchema, raw ?? {}, WORKFLOW_TYPES.nightly);
      const zone = input.time_zone ?? 'UTC';
      const testDate = dateInTimeZone(new Date(scheduledStartTime), zone, input.day_offset ?? 0);
      if (testDate === undefined) {
        throw invalidInput(
          `${WORKFLOW_TYPES.nightly}: time_zone: expected an IANA name such as Asia/Kolkata (got ${preview(zone)})`,
        );
      }
      const discovery: DiscoveryInput = { ...input.discovery, test_date: testDate };
      return Promise.resolve({
        workflow_id: discoveryWorkflowId(source.sourceCollection, testDate),
        input: discovery,
      });
    },
  };
}
