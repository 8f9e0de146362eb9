import type { FetchAudio } from '../../activities/recordings/prepare-audio.js';
import { createDownloader } from '../../objects/download.js';
import { createAudioS3Client } from '../../objects/download/download-client.js';
import { parseAudioLocation, type AudioLocationOptions } from '../../objects/location.js';
import { createAudioEngine, type PooledAudioEngine } from './audio/pool/create-audio-engine.js';
import { modelFolder } from './model/model-folder.js';
import { s3Address } from '../../objects/s3-settings.js';
import type { Configuration } from '../../platform/config/settings.js';
import { usableCores } from '../../platform/cores.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { Metrics } from '../../platform/metrics/metrics.js';

/** Starts the pool of audio processes that the settings describe. */
export function startAudioEngine(
  config: Configuration,
  metrics: Metrics,
  log: Logger,
): Promise<PooledAudioEngine> {
  return createAudioEngine({
    poolSize: config.AUDIO_POOL_SIZE ?? usableCores(),
    modelFolder: modelFolder(config.MODEL_PATH),
    ...(config.SHADOW_MODEL_PATH && { shadowFolder: modelFolder(config.SHADOW_MODEL_PATH) }),
    limits: { maxSeconds: config.AUDIO_MAX_SECONDS, maxChannels: config.AUDIO_MAX_CHANNELS },
    ...(config.MODEL_RELOAD_SECONDS > 0 && { reloadEveryMs: config.MODEL_RELOAD_SECONDS * 1000 }),
    timeouts: {
      extractMs: config.AUDIO_DECODE_TIMEOUT_SECONDS * 1000,
      scoreMs: config.INFERENCE_TIMEOUT_SECONDS * 1000,
    },
    memoryMb: config.AUDIO_MEMBER_MEMORY_MB,
    onShadowFailed: (reason) => log.warn('shadow_model_failed', { reason }),
    onModelChanged: (role, model, before) => log.info('model_changed', { role, model, before }),
    onModelRefused: (role, reason, inUse) => log.error('model_refused', { role, reason, in_use: inUse }),
    onMemberLost: (reason) => {
      metrics.poolProcessLost();
      log.warn('decoder_restarted', { reason });
    },
  });
}

/** The settings that say from where and how audio is fetched. */
export const FETCH_SETTINGS = [
  'AWS_REGION',
  'AWS_ENDPOINT_URL',
  'AUDIO_ALLOWED_HOSTS',
  'AUDIO_ALLOWED_BUCKETS',
  'AUDIO_MAX_BYTES',
  'DOWNLOAD_MAX_CONCURRENCY',
  'S3_CONNECT_TIMEOUT_SECONDS',
  'S3_SOCK_READ_TIMEOUT_SECONDS',
  'S3_TIMEOUT_SECONDS',
  'S3_MAX_RETRIES',
  'S3_RETRY_BACKOFF_SECONDS',
] as const satisfies readonly (keyof Configuration)[];
export type FetchSettings = Pick<Configuration, (typeof FETCH_SETTINGS)[number]>;

/** Where audio may be read from. */
export function locationRules(config: FetchSettings): AudioLocationOptions {
  return {
    allowedHosts: config.AUDIO_ALLOWED_HOSTS,
    allowedBuckets: config.AUDIO_ALLOWED_BUCKETS.length > 0 ? config.AUDIO_ALLOWED_BUCKETS : undefined,
    endpointUrl: config.AWS_ENDPOINT_URL,
  };
}

/** Fetches audio by address, with this process's limits; `close` lets go of its connections. */
export function createAudioFetcher(
  config: FetchSettings,
  onRetry?: () => void,
): { fetchAudio: FetchAudio; close: () => void } {
  const options = {
    maxBytes: config.AUDIO_MAX_BYTES,
    maxConcurrency: config.DOWNLOAD_MAX_CONCURRENCY,
    connectTimeoutMs: config.S3_CONNECT_TIMEOUT_SECONDS * 1000,
    silenceTimeoutMs: config.S3_SOCK_READ_TIMEOUT_SECONDS * 1000,
    attemptTimeoutMs: config.S3_TIMEOUT_SECONDS * 1000,
    maxRetries: config.S3_MAX_RETRIES,
    backoffBaseMs: config.S3_RETRY_BACKOFF_SECONDS * 1000,
  };
  const s3 = createAudioS3Client(options, s3Address(config));
  const allowed = locationRules(config);
  const downloader = createDownloader({
    s3,
    options,
    checkAddress: (address) => parseAudioLocation(address, allowed),
    ...(onRetry && { onRetry }),
  });
  return {
    fetchAudio: (audioUrl, path, signal) =>
      downloader.download(parseAudioLocation(audioUrl, allowed), path, signal),
    close: () => s3.destroy(),
  };
}
