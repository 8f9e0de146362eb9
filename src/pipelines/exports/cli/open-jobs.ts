import type { S3Client } from '@aws-sdk/client-s3';
import { connectS3 } from '../../../objects/s3-client.js';
import { S3_SETTINGS } from '../../../objects/s3-settings.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import type { S3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import { createMetadataStore } from '../metadata/create-metadata-store.js';
import type { MetadataStore } from '../metadata/metadata-store.js';
import { EXPORTS_SETTINGS } from '../settings/index.js';
import { EXPORT_METADATA_SETTINGS } from '../settings/storage-settings.js';
import { createExportState, type ExportState } from '../state/job-state.js';

/** What S3 keeps of jobs, and the client behind it. */
export interface JobAccess {
  state: ExportState;
  s3: S3Client;
  output: S3Prefix;
  /** The table, which few commands reach; the caller closes it. @throws ConfigurationError */
  openMetadata: () => MetadataStore;
  close: () => void;
}

/** @throws ConfigurationError */
export function openJobs(environment: Environment): JobAccess {
  const settings = loadSettings(
    environment,
    S3_SETTINGS,
    pick(EXPORTS_SETTINGS, 'EXPORT_STATE_PREFIX', 'EXPORT_OUTPUT_PREFIX'),
  );
  const s3 = connectS3(settings);
  return {
    state: createExportState(s3, settings.EXPORT_STATE_PREFIX),
    s3,
    output: settings.EXPORT_OUTPUT_PREFIX,
    openMetadata: () =>
      createMetadataStore({
        ...loadSettings(environment, EXPORT_METADATA_SETTINGS, pick(BASE_SETTINGS, 'AWS_REGION')),
        // Nobody writes rows any more once a job has ended.
        EXPORT_METADATA_GRACE: 0,
      }),
    close: () => s3.destroy(),
  };
}
