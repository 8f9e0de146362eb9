import { usableCores } from '../../../platform/cores.js';
import type { RecordingsLogger } from '../log-events.js';
import type { PoolMetrics } from '../metrics/pool-metrics.js';
import type { RecordingsSettings } from '../settings/index.js';
import { modelFolder } from '../model/model-folder.js';
import { createAudioEngine, type PooledAudioEngine } from './pool/create-audio-engine.js';

/** The settings that say how recordings are decoded and scored. */
export type EngineSettings = Pick<
  RecordingsSettings,
  | 'AUDIO_POOL_SIZE'
  | 'AUDIO_MAX_SECONDS'
  | 'AUDIO_MAX_CHANNELS'
  | 'AUDIO_DECODE_TIMEOUT_SECONDS'
  | 'AUDIO_MEMBER_MEMORY_MB'
  | 'INFERENCE_TIMEOUT_SECONDS'
  | 'MODEL_PATH'
  | 'SHADOW_MODEL_PATH'
  | 'MODEL_RELOAD_SECONDS'
>;

/** Starts the pool of audio processes that the settings describe. */
export async function startAudioEngine(
  config: EngineSettings,
  metrics: PoolMetrics,
  log: RecordingsLogger,
): Promise<PooledAudioEngine> {
  const engine = await createAudioEngine({
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
  const { refused } = engine.kernels;
  if (refused !== undefined) log.warn('native_kernels_refused', { reason: refused });
  return engine;
}
