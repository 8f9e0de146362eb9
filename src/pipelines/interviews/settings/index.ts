import type { BaseSettings } from '../../../platform/config/base-settings.js';
import { MONGO_SETTINGS } from '../../../platform/config/settings/mongo-settings.js';
import { together, type SettingsOf } from '../../../platform/config/settings-table.js';
import { INTERVIEW_ANALYSIS_SETTINGS } from './analysis-settings.js';
import { INTERVIEW_EVENT_SETTINGS } from './event-settings.js';
import { INTERVIEW_JOB_SETTINGS } from './job-settings.js';
import { INTERVIEW_RESULT_SETTINGS } from './result-settings.js';
import { INTERVIEW_STORAGE_SETTINGS } from './storage-settings.js';
import { INTERVIEW_WORK_SETTINGS } from './work-settings.js';

/** What interviews take beside the base's settings, in the order in which docs/configuration.md lists it. */
export const INTERVIEWS_SETTING_GROUPS = {
  Jobs: INTERVIEW_JOB_SETTINGS,
  MongoDB: MONGO_SETTINGS,
  Collections: INTERVIEW_STORAGE_SETTINGS,
  'Worker processes': INTERVIEW_WORK_SETTINGS,
  Analysis: INTERVIEW_ANALYSIS_SETTINGS,
  Results: INTERVIEW_RESULT_SETTINGS,
  Events: INTERVIEW_EVENT_SETTINGS,
};
export const INTERVIEWS_SETTINGS = together(INTERVIEWS_SETTING_GROUPS);

/** The base's and its own; each part takes the ones that it needs: `Pick<InterviewsSettings, 'JOB_TIMEOUT'>`. */
export type InterviewsSettings = BaseSettings & SettingsOf<typeof INTERVIEWS_SETTINGS>;
