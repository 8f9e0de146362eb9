import { AUDIO_SETTINGS } from './settings/audio-settings.js';
import { BATCH_SETTINGS } from './settings/batch-settings.js';
import { OBSERVABILITY_SETTINGS } from './settings/observability-settings.js';
import { PROCESS_SETTINGS } from './settings/process-settings.js';
import { QUEUE_SETTINGS } from './settings/queue-settings.js';
import { RUN_SETTINGS } from './settings/run-settings.js';
import { STORE_SETTINGS } from './settings/stores-settings.js';
import { TEMPORAL_SETTINGS } from './settings/temporal-settings.js';

/**
 * Every setting of every process, in the order in which the README's table lists them.
 * `.env.example` and that table are generated from here (`npm run docs:settings`).
 */
export const SETTINGS = {
  ...PROCESS_SETTINGS,
  ...QUEUE_SETTINGS,
  ...STORE_SETTINGS,
  ...RUN_SETTINGS,
  ...BATCH_SETTINGS,
  ...AUDIO_SETTINGS,
  ...TEMPORAL_SETTINGS,
  ...OBSERVABILITY_SETTINGS,
} as const;

type SettingsTable = typeof SETTINGS;

/** The checked settings, under their environment names. */
export type Configuration = {
  readonly [Name in keyof SettingsTable]: SettingsTable[Name] extends { schema: { _output: infer Value } }
    ? Value
    : never;
};

export type SettingName = keyof Configuration;
