import type { BaseSettings } from '../../../platform/config/base-settings.js';
import { together, type SettingsOf } from '../../../platform/config/settings-table.js';
import { EXPORT_API_SETTINGS, EXPORT_DOWNLOAD_SETTINGS } from './api-settings.js';
import { EXPORT_JOB_SETTINGS, EXPORT_QUEUE_SETTINGS, EXPORT_WORK_SETTINGS } from './job-settings.js';
import {
  EXPORT_ARCHIVE_SETTINGS,
  EXPORT_METADATA_SETTINGS,
  EXPORT_STORAGE_SETTINGS,
} from './storage-settings.js';

/** What exports take beside the base's settings, in the order in which docs/configuration.md lists it. */
export const EXPORTS_SETTING_GROUPS = {
  Queues: EXPORT_QUEUE_SETTINGS,
  'Export API': EXPORT_API_SETTINGS,
  Downloads: EXPORT_DOWNLOAD_SETTINGS,
  Metadata: EXPORT_METADATA_SETTINGS,
  'Objects and state': EXPORT_STORAGE_SETTINGS,
  Archives: EXPORT_ARCHIVE_SETTINGS,
  Jobs: EXPORT_JOB_SETTINGS,
  'Worker processes': EXPORT_WORK_SETTINGS,
};
export const EXPORTS_SETTINGS = together(EXPORTS_SETTING_GROUPS);

/** The base's and its own; each part takes the ones that it needs: `Pick<ExportsSettings, 'EXPORT_SPOOL'>`. */
export type ExportsSettings = BaseSettings & SettingsOf<typeof EXPORTS_SETTINGS>;
