import { BASE_SETTINGS } from '../platform/config/base-settings.js';
import { pick, type SettingsOf } from '../platform/config/settings-table.js';

/** The settings from which `connectS3` makes a client. */
export const S3_SETTINGS = pick(
  BASE_SETTINGS,
  'AWS_REGION',
  'AWS_ENDPOINT_URL',
  'S3_CONNECT_TIMEOUT_SECONDS',
  'S3_TIMEOUT_SECONDS',
  'S3_MAX_RETRIES',
);
export type S3Settings = SettingsOf<typeof S3_SETTINGS>;

/** The settings that say how objects are fetched, beside the address rules and the byte limit, which are each pipeline's. */
export const DOWNLOAD_SETTINGS = {
  ...S3_SETTINGS,
  ...pick(
    BASE_SETTINGS,
    'DOWNLOAD_MAX_CONCURRENCY',
    'S3_SOCK_READ_TIMEOUT_SECONDS',
    'S3_RETRY_BACKOFF_SECONDS',
  ),
};
export type DownloadSettings = SettingsOf<typeof DOWNLOAD_SETTINGS>;

/** Where S3 is, as a client's configuration. */
export function s3Address({
  AWS_REGION: region,
  AWS_ENDPOINT_URL: endpoint,
}: Pick<S3Settings, 'AWS_REGION' | 'AWS_ENDPOINT_URL'>): { region: string; endpoint?: string } {
  return { region, ...(endpoint !== undefined && { endpoint }) };
}
