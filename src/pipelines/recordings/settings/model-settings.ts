import { decimal, text } from '../../../platform/config/setting.js';
import { AUDIO_DEFAULTS } from '../audio/audio-defaults.js';

/** What scores. */
export const MODEL_SETTINGS = {
  MODEL_PATH: text({ default: 'models/reading-audio', about: 'Folder of the model and its manifest.' }),
  SHADOW_MODEL_PATH: text({
    about:
      'Folder of a second model, whose scores are stored beside as inference_shadow and decide nothing; unset is none.',
  }),
  MODEL_RELOAD_SECONDS: decimal(
    { min: 0, max: 3600 },
    {
      default: '10',
      about:
        'How often both folders are looked at for a new version, which is taken into use between batches once its folder stalls; 0 is never.',
    },
  ),
  INFERENCE_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 600 },
    { default: String(AUDIO_DEFAULTS.scoreTimeoutSeconds), about: 'Scoring of one batch.' },
  ),
} as const;
