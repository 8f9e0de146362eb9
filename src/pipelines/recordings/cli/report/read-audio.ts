import { join } from 'node:path';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import type { AudioAccess } from '../../report/audio-access.js';
import { drawRecordings } from '../../report/picture/recording-pictures.js';
import type { PicturedRecording } from '../../report/report.js';
import { FETCH_SETTINGS } from '../../audio/fetch-audio.js';
import { prepareScratch } from '../../../../platform/scratch/scratch.js';
import { AudioError } from '../../errors.js';
import { InvalidInput } from '../../../../platform/errors.js';
import type { RecordingsContext } from '../context.js';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';

type Read = Pick<PicturedRecording, 'drawn' | 'link'>;

/**
 * Draws recordings and, with `linkSeconds`, signs addresses that play them. Audio lies in a scratch folder of this
 * process and goes with it, also after Ctrl-C; what a killed one left is swept by the next.
 *
 * @throws InvalidInput after Ctrl-C
 */
export async function readAudio(
  context: RecordingsContext,
  addresses: readonly string[],
  linkSeconds: number | undefined,
): Promise<Read[]> {
  const settings = loadSettings(
    context.readEnvironment(),
    FETCH_SETTINGS,
    pick(BASE_SETTINGS, 'SCRATCH_PATH'),
    pick(RECORDINGS_SETTINGS, 'AUDIO_MAX_SECONDS', 'AUDIO_MAX_CHANNELS', 'AUDIO_DECODE_TIMEOUT_SECONDS'),
  );
  const stopping = new AbortController();
  const stopListening = context.onInterrupt(() =>
    stopping.abort(new InvalidInput('Interrupted; no report was written.')),
  );
  const scratch = await prepareScratch(settings.SCRATCH_PATH);
  const access = await context.openAudioAccess(settings);
  try {
    const drawn = await drawRecordings(addresses, {
      entry: pictureProcess(),
      folder: scratch.path,
      fetchAudio: access.fetchAudio.bind(access),
      limits: { maxSeconds: settings.AUDIO_MAX_SECONDS, maxChannels: settings.AUDIO_MAX_CHANNELS },
      timeoutMs: settings.AUDIO_DECODE_TIMEOUT_SECONDS * 1000,
      signal: stopping.signal,
    });
    const links = await Promise.all(addresses.map((address) => linkOf(access, address, linkSeconds)));
    return drawn.map((result, index) => ({
      drawn: result,
      // What cannot be fetched cannot be played.
      link: 'picture' in result ? links[index] : undefined,
    }));
  } finally {
    access.close();
    await scratch.remove();
    stopListening();
  }
}

async function linkOf(
  access: AudioAccess,
  address: string,
  seconds: number | undefined,
): Promise<string | undefined> {
  if (seconds === undefined) return undefined;
  try {
    return await access.link(address, seconds);
  } catch (error) {
    if (error instanceof AudioError) return undefined;
    throw error;
  }
}

/** The compiled file, also when this runs from sources: node starts no TypeScript. */
function pictureProcess(): string {
  const compiled = __dirname.replace(join('src', 'pipelines'), join('dist', 'pipelines'));
  return join(compiled, '..', '..', 'report', 'picture', 'picture-process.js');
}
