import { join } from 'node:path';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { prepareScratch } from '../../../../platform/scratch/scratch.js';
import { FETCH_SETTINGS } from '../../audio/fetch-audio.js';
import { createSounds, type Sounds } from '../../review/sound/sounds.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';
import type { RecordingsContext } from '../context.js';

/**
 * Recordings as a worker fetches and decodes them, under its settings. Those that are being decoded lie in a scratch folder of this process and
 * go with it; what a killed one left is swept by the next.
 */
export async function openSounds(
  context: RecordingsContext,
): Promise<{ sounds: Sounds; folder: string; close: () => Promise<void> }> {
  const settings = loadSettings(
    context.readEnvironment(),
    FETCH_SETTINGS,
    pick(BASE_SETTINGS, 'SCRATCH_PATH'),
    pick(RECORDINGS_SETTINGS, 'AUDIO_MAX_SECONDS', 'AUDIO_MAX_CHANNELS', 'AUDIO_DECODE_TIMEOUT_SECONDS'),
  );
  const ending = new AbortController();
  const scratch = await prepareScratch(settings.SCRATCH_PATH);
  const access = await context.openAudioAccess(settings);
  return {
    sounds: createSounds({
      entry: soundProcess(),
      folder: scratch.path,
      fetchAudio: access.fetchAudio.bind(access),
      limits: { maxSeconds: settings.AUDIO_MAX_SECONDS, maxChannels: settings.AUDIO_MAX_CHANNELS },
      timeoutMs: settings.AUDIO_DECODE_TIMEOUT_SECONDS * 1000,
      signal: ending.signal,
    }),
    folder: scratch.path,
    close: async () => {
      ending.abort();
      access.close();
      await scratch.remove();
    },
  };
}

/** The compiled file, also when this runs from sources: node starts no TypeScript. */
function soundProcess(): string {
  const compiled = __dirname.replace(join('src', 'pipelines'), join('dist', 'pipelines'));
  return join(compiled, '..', '..', 'review', 'sound', 'sound-process.js');
}
