import { createDownloader, type DownloadedObject } from './download.js';
import { createDownloadClient } from './download/download-client.js';
import type { DownloadOptions } from './download/download-options.js';
import { parseLocation, type LocationRules } from './location.js';
import { s3Address, type DownloadSettings } from './s3-settings.js';

/** Fetches objects by address, within one process's limits. */
export interface Fetcher {
  /** As `Downloader.download`, of an address that is checked first. @throws AddressRefused as well */
  fetch(address: string, path: string, signal?: AbortSignal): Promise<DownloadedObject>;
  /** Lets go of its connections. */
  close(): void;
}

/**
 * The fetcher that the settings describe.
 *
 * @param maxBytes of one object
 * @param onRetry told before every attempt after the first, for metrics
 */
export function createFetcher(
  settings: DownloadSettings,
  { locations, maxBytes, onRetry }: { locations: LocationRules; maxBytes: number; onRetry?: () => void },
): Fetcher {
  const options: DownloadOptions = {
    maxBytes,
    maxConcurrency: settings.DOWNLOAD_MAX_CONCURRENCY,
    connectTimeoutMs: settings.S3_CONNECT_TIMEOUT_SECONDS * 1000,
    silenceTimeoutMs: settings.S3_SOCK_READ_TIMEOUT_SECONDS * 1000,
    attemptTimeoutMs: settings.S3_TIMEOUT_SECONDS * 1000,
    maxRetries: settings.S3_MAX_RETRIES,
    backoffBaseMs: settings.S3_RETRY_BACKOFF_SECONDS * 1000,
  };
  const s3 = createDownloadClient(options, s3Address(settings));
  const downloader = createDownloader({ s3, options, locations, ...(onRetry && { onRetry }) });
  return {
    // Not thrown at once: who fetches waits for a promise.
    fetch: async (address, path, signal) =>
      downloader.download(parseLocation(address, locations), path, signal),
    close() {
      downloader.close();
      s3.destroy();
    },
  };
}
