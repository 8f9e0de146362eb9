import { resolve } from 'node:path';
import type { AudioEngine } from '../../audio/audio-engine.js';
import { modelFolder } from '../../model/model-folder.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { usableCores } from '../../../../platform/cores.js';
import type { RecordingsContext } from '../context.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';

/** An engine for files of this machine, under the settings that a worker would use. */
export interface LocalEngine {
  engine: AudioEngine;
  /** Files worth having under way at once. */
  width: number;
  maxBytes: number;
}

export interface LocalEngineOptions {
  /** No larger pool is started than there are files: a process costs a quarter of a second. */
  files: number;
  /** False: features only, which needs no model. */
  scoring: boolean;
  /** The model's folder, as a person writes it. @default MODEL_PATH */
  model?: string | undefined;
}

/** @throws ConfigurationError, ModelInvalid or DependencyUnavailable, when the engine cannot start */
export async function openLocalEngine(
  context: RecordingsContext,
  { files, scoring, model }: LocalEngineOptions,
): Promise<LocalEngine> {
  const settings = loadSettings(
    context.readEnvironment(),
    pick(
      RECORDINGS_SETTINGS,
      'AUDIO_POOL_SIZE',
      'AUDIO_MAX_BYTES',
      'AUDIO_MAX_SECONDS',
      'AUDIO_MAX_CHANNELS',
      'AUDIO_DECODE_TIMEOUT_SECONDS',
      'AUDIO_MEMBER_MEMORY_MB',
      'INFERENCE_TIMEOUT_SECONDS',
      'MODEL_PATH',
    ),
  );
  const poolSize = Math.min(files, settings.AUDIO_POOL_SIZE ?? usableCores());
  const engine = await context.openAudioEngine({
    poolSize,
    ...(scoring && { modelFolder: model === undefined ? modelFolder(settings.MODEL_PATH) : resolve(model) }),
    limits: { maxSeconds: settings.AUDIO_MAX_SECONDS, maxChannels: settings.AUDIO_MAX_CHANNELS },
    memoryMb: settings.AUDIO_MEMBER_MEMORY_MB,
    timeouts: {
      extractMs: settings.AUDIO_DECODE_TIMEOUT_SECONDS * 1000,
      scoreMs: settings.INFERENCE_TIMEOUT_SECONDS * 1000,
    },
  });
  // One more than the pool holds, so that no process waits for the next file.
  return { engine, width: poolSize + 1, maxBytes: settings.AUDIO_MAX_BYTES };
}
