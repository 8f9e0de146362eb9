/** The settings from which `connectS3` makes a client. */
export const S3_SETTINGS = [
  'AWS_REGION',
  'AWS_ENDPOINT_URL',
  'S3_CONNECT_TIMEOUT_SECONDS',
  'S3_TIMEOUT_SECONDS',
  'S3_MAX_RETRIES',
] as const;

/** The values of {@link S3_SETTINGS}. */
export interface S3Settings {
  AWS_REGION: string;
  AWS_ENDPOINT_URL: string | undefined;
  S3_CONNECT_TIMEOUT_SECONDS: number;
  S3_TIMEOUT_SECONDS: number;
  S3_MAX_RETRIES: number;
}

/** The settings that say how objects are fetched, beside the address rules and the byte limit, which are each pipeline's. */
export const DOWNLOAD_SETTINGS = [
  ...S3_SETTINGS,
  'DOWNLOAD_MAX_CONCURRENCY',
  'S3_SOCK_READ_TIMEOUT_SECONDS',
  'S3_RETRY_BACKOFF_SECONDS',
] as const;

/** The values of {@link DOWNLOAD_SETTINGS}. */
export interface DownloadSettings extends S3Settings {
  DOWNLOAD_MAX_CONCURRENCY: number;
  S3_SOCK_READ_TIMEOUT_SECONDS: number;
  S3_RETRY_BACKOFF_SECONDS: number;
}

/** Where S3 is, as a client's configuration. */
export function s3Address({
  AWS_REGION: region,
  AWS_ENDPOINT_URL: endpoint,
}: Pick<S3Settings, 'AWS_REGION' | 'AWS_ENDPOINT_URL'>): { region: string; endpoint?: string } {
  return { region, ...(endpoint !== undefined && { endpoint }) };
}
