import { EXPORTS_SETTINGS } from '../../src/pipelines/exports/settings/index.js';
import type { Deployment } from './deployment.js';
import type { ExportsDeployment } from './exports.js';
import { plainSettings, type PipelineSettings } from './worker-settings.js';

/** The bucket of objects and state: the one that is named, or the stack's own. */
export function exportsBucketName({ environment, account, region, exports }: Deployment): string {
  return exports?.bucket_name ?? `vachan-${environment}-exports-${account}-${region}`;
}

/** The table of metadata: the one that is named, or the stack's own. */
export function metadataTableName({ environment, exports }: Deployment): string {
  return exports?.metadata_table_name ?? `vachan-${environment}-export-metadata`;
}

/** What both services of exports are told, besides addresses of queues and secrets. */
export function plainExportsSettings(
  deployment: Deployment,
  exports: ExportsDeployment,
): Record<string, string> {
  const bucket = exportsBucketName(deployment);
  return plainSettings(deployment, exports.settings, {
    PIPELINES: 'exports',
    EXPORT_OUTPUT_PREFIX: `s3://${bucket}/${exports.output_prefix}`,
    EXPORT_STATE_PREFIX: `s3://${bucket}/${exports.state_prefix}`,
    EXPORT_METADATA_TABLE: metadataTableName(deployment),
  });
}

/** Exports' services, as a deployment file has them. */
export function exportsSettings(
  deployment: Deployment,
  exports: ExportsDeployment,
): PipelineSettings<typeof EXPORTS_SETTINGS> {
  const queue = 'https://queue.invalid/queue';
  return {
    table: EXPORTS_SETTINGS,
    at: 'exports.',
    settings: exports.settings,
    secretSettings: exports.secret_settings,
    environment: {
      ...plainExportsSettings(deployment, exports),
      EXPORT_JOBS_QUEUE_URL: queue,
      DOWNLOAD_TASKS_QUEUE_URL: queue,
    },
    setByTheStack: [
      'EXPORT_JOBS_QUEUE_URL',
      'DOWNLOAD_TASKS_QUEUE_URL',
      'DOWNLOAD_TASKS_QUEUE_URL_HIGH',
      'DOWNLOAD_TASKS_QUEUE_URL_LOW',
      'EXPORT_OUTPUT_PREFIX',
      'EXPORT_STATE_PREFIX',
      'EXPORT_METADATA_TABLE',
    ],
  };
}
