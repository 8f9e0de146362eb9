import type { S3Client } from '@aws-sdk/client-s3';
import { createObjectStore } from '../../../objects/data-path/create-object-store.js';
import type { ObjectStore } from '../../../objects/data-path/object-store.js';
import type { DownloadSettings, S3Settings } from '../../../objects/s3-settings.js';
import type { SettingsOf } from '../../../platform/config/settings-table.js';
import type { ByteBudget } from '../../../platform/byte-budget.js';
import type { EXPORT_STORAGE_SETTINGS } from '../settings/storage-settings.js';
import type { ExportState } from '../state/job-state.js';
import { createUploader } from './create-uploader.js';
import { createPartBuffers } from './part-buffers.js';
import { sweepOrphans, type OrphanSweep } from './sweep-orphans.js';
import type { OutputOptions } from './upload-options.js';
import { createUploadRecords } from './upload-records.js';
import type { Uploader } from './uploader.js';

export type UploadSettings = S3Settings &
  Pick<DownloadSettings, 'S3_RETRY_BACKOFF_SECONDS'> &
  SettingsOf<typeof EXPORT_STORAGE_SETTINGS>;

/** What a process writes objects with. */
export interface Uploads {
  uploader: Uploader;
  /** Of the output bucket's account, where one is set. */
  store: ObjectStore;
  /** See `sweepOrphans`. */
  sweep(isRunning: OrphanSweep['isRunning'], signal?: AbortSignal): Promise<number>;
  close(): void;
}

/**
 * @param s3 whose credentials are used, as they are renewed
 * @param onAttempt told before every request, for metrics
 */
export function connectUploads(
  settings: UploadSettings,
  {
    s3,
    state,
    budget,
    onAttempt,
  }: { s3: S3Client; state: ExportState; budget: ByteBudget; onAttempt?: () => void },
): Uploads {
  const { EXPORT_OUTPUT_PREFIX: folder, EXPORT_BUCKET_OWNER: expectedBucketOwner } = settings;
  const store = connectStore(settings, s3, { expectedBucketOwner, onAttempt });
  const output: OutputOptions = {
    ...folder,
    kmsKey: settings.EXPORT_KMS_KEY,
    storageClass: settings.EXPORT_STORAGE_CLASS,
    tags: settings.EXPORT_TAGS,
    keyTaken: settings.EXPORT_KEY_TAKEN,
  };
  const records = createUploadRecords(state.objects, state.prefix);
  const dependencies = { store, records, output, budget, buffers: createPartBuffers() };
  return {
    uploader: createUploader(dependencies),
    store,
    sweep: (isRunning, signal) =>
      sweepOrphans(
        { store, records, output, objects: state.objects, statePrefix: state.prefix, isRunning },
        signal,
      ),
    close: () => store.close(),
  };
}

/** A client for objects of any size, within the limits that the settings give. */
export function connectStore(
  settings: S3Settings & Pick<DownloadSettings, 'S3_RETRY_BACKOFF_SECONDS'>,
  s3: S3Client,
  more: { expectedBucketOwner?: string | undefined; onAttempt?: (() => void) | undefined } = {},
): ObjectStore {
  return createObjectStore({
    region: settings.AWS_REGION,
    endpoint: settings.AWS_ENDPOINT_URL,
    credentials: s3.config.credentials,
    limits: {
      connectTimeoutMs: settings.S3_CONNECT_TIMEOUT_SECONDS * 1000,
      // Of a part it takes S3 seconds to say that it is stored, without a sign of life meanwhile.
      silenceTimeoutMs: settings.S3_TIMEOUT_SECONDS * 1000,
      maxRetries: settings.S3_MAX_RETRIES,
      backoffBaseMs: settings.S3_RETRY_BACKOFF_SECONDS * 1000,
    },
    ...more,
  });
}
