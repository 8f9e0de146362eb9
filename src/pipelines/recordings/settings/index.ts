import type { BaseSettings } from '../../../platform/config/base-settings.js';
import { MONGO_SETTINGS } from '../../../platform/config/settings/mongo-settings.js';
import { together, type SettingsOf } from '../../../platform/config/settings-table.js';
import { AUDIO_SETTINGS } from './audio-settings.js';
import { BATCH_SETTINGS } from './batch-settings.js';
import { DISCOVERY_SETTINGS } from './discovery-settings.js';
import { MODEL_SETTINGS } from './model-settings.js';
import { RECORDINGS_QUEUE_SETTINGS } from './queue-settings.js';
import { RESULTS_SETTINGS } from './results-settings.js';
import { SOURCE_SETTINGS } from './source-settings.js';

/** What recordings take beside the base's settings, in the order in which docs/configuration.md lists it. */
export const RECORDINGS_SETTING_GROUPS = {
  Queue: RECORDINGS_QUEUE_SETTINGS,
  MongoDB: MONGO_SETTINGS,
  Source: SOURCE_SETTINGS,
  Results: RESULTS_SETTINGS,
  Discovery: DISCOVERY_SETTINGS,
  Batches: BATCH_SETTINGS,
  Audio: AUDIO_SETTINGS,
  Model: MODEL_SETTINGS,
};
export const RECORDINGS_SETTINGS = together(RECORDINGS_SETTING_GROUPS);

/** The base's and its own; each part takes the ones that it needs: `Pick<RecordingsSettings, 'MODEL_PATH'>`. */
export type RecordingsSettings = BaseSettings & SettingsOf<typeof RECORDINGS_SETTINGS>;
