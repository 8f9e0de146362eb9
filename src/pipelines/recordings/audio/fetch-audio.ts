import { createFetcher } from '../../../objects/fetcher.js';
import type { LocationRules } from '../../../objects/location.js';
import { DOWNLOAD_SETTINGS } from '../../../objects/s3-settings.js';
import { pick, type SettingsOf } from '../../../platform/config/settings-table.js';
import { AUDIO_SETTINGS } from '../settings/audio-settings.js';
import { toAudioError } from './object-errors.js';

/**
 * Fetches the audio of one address into a file.
 *
 * @throws AudioError of the fitting class
 */
export type FetchAudio = (audioUrl: string, path: string, signal: AbortSignal) => Promise<{ bytes: number }>;

/** The settings that say from where and how audio is fetched. */
export const FETCH_SETTINGS = {
  ...DOWNLOAD_SETTINGS,
  ...pick(AUDIO_SETTINGS, 'AUDIO_ALLOWED_HOSTS', 'AUDIO_ALLOWED_BUCKETS', 'AUDIO_MAX_BYTES'),
};
export type FetchSettings = SettingsOf<typeof FETCH_SETTINGS>;

/** Where audio may be read from. */
export function locationRules(config: FetchSettings): LocationRules {
  return {
    allowedHosts: config.AUDIO_ALLOWED_HOSTS,
    allowedBuckets: config.AUDIO_ALLOWED_BUCKETS.length > 0 ? config.AUDIO_ALLOWED_BUCKETS : undefined,
    endpointUrl: config.AWS_ENDPOINT_URL,
    settings: 'AUDIO_ALLOWED_HOSTS, AUDIO_ALLOWED_BUCKETS',
  };
}

/** Fetches audio by address, with this process's limits and errors of audio; `close` lets go of its connections. */
export function createAudioFetcher(
  config: FetchSettings,
  onRetry?: () => void,
): { fetchAudio: FetchAudio; close: () => void } {
  const fetcher = createFetcher(config, {
    locations: locationRules(config),
    maxBytes: config.AUDIO_MAX_BYTES,
    ...(onRetry && { onRetry }),
  });
  return {
    fetchAudio: (audioUrl, path, signal) =>
      fetcher.fetch(audioUrl, path, signal).catch((error: unknown) => {
        throw toAudioError(error);
      }),
    close: () => fetcher.close(),
  };
}
