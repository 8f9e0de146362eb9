import { join } from 'node:path';
import type { TranscriptAbsent } from '../../contract/audio-part.js';
import { hasWeights } from '../../models/model-files.js';
import { openSpeechDetector } from '../../models/speech/speech-detector.js';
import { openMoonshine } from '../../models/transcript/moonshine.js';
import type { Transcriber } from '../../models/transcript/transcriber.js';
import type { AudioListener } from './audio-listener.js';
import { createAudioListener } from './create-audio-listener.js';

/** Folders of the models below the models' folder. */
export const SPEECH_MODEL = 'silero-vad';
export const TRANSCRIPT_MODEL = 'moonshine-tiny-en';
/** Of jobs that name none. */
export const DEFAULT_LANGUAGE = 'en';

/** Hears the sound of media, several at once. */
export interface AudioAnalyser {
  listen(options?: { language?: string }): AudioListener;
  release(): Promise<void>;
}

export interface AudioAnalyserOptions {
  /** Who writes down what is said: Moonshine, whose weights may be absent; a plug; or nobody. @default 'built_in' */
  transcriber?: Transcriber | 'built_in' | 'off';
}

/**
 * Opens the models that hear speech.
 *
 * @param modelsFolder holds a folder a model
 * @throws ModelInvalid when a model's folder is not as its manifest says; weights that were not fetched are no error
 */
export async function openAudioAnalyser(
  modelsFolder: string,
  { transcriber: wanted = 'built_in' }: AudioAnalyserOptions = {},
): Promise<AudioAnalyser> {
  const speech = await openSpeechDetector(join(modelsFolder, SPEECH_MODEL));
  const transcriber = await openTranscriber(modelsFolder, wanted);
  return {
    listen: ({ language = DEFAULT_LANGUAGE } = {}) => createAudioListener({ speech, transcriber, language }),
    async release() {
      await speech.release();
      if (typeof wanted === 'string' && !('absent' in transcriber)) await transcriber.release();
    },
  };
}

async function openTranscriber(
  modelsFolder: string,
  wanted: Transcriber | 'built_in' | 'off',
): Promise<Transcriber | { absent: TranscriptAbsent }> {
  if (wanted === 'off') return { absent: 'switched_off' };
  if (wanted !== 'built_in') return wanted;
  const folder = join(modelsFolder, TRANSCRIPT_MODEL);
  return hasWeights(folder) ? openMoonshine(folder) : { absent: 'no_model' };
}
