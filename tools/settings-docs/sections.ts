import { PIPELINES } from '#vachan/pipelines/index.js';
import { BASE_SETTING_GROUPS } from '#vachan/platform/config/base-settings.js';
import type { SettingGroups } from '#vachan/platform/config/settings-table.js';

/** Who takes some settings. */
export interface Section {
  title: string;
  groups: SettingGroups;
}

/** All settings as docs/configuration.md and `.env.example` list them: the base's first, then each pipeline's. */
export async function allSections(): Promise<Section[]> {
  const ofPipelines = PIPELINES.map(async ({ name, settings }) => ({
    title: name.charAt(0).toUpperCase() + name.slice(1),
    groups: await settings(),
  }));
  return [{ title: 'Every process', groups: BASE_SETTING_GROUPS }, ...(await Promise.all(ofPipelines))];
}

/** The few that every user meets, which the README lists. */
export const MET_BY_ALL: readonly string[] = [
  'SQS_QUEUE_URL',
  'MONGO_URI',
  'MONGO_SOURCE_COLLECTION',
  'DISCOVERY_SOURCE_TYPE',
  'AWS_REGION',
  'AUDIO_ALLOWED_BUCKETS',
  'CSV_OUTPUT_PATH',
  'SUBJECT_NAME',
  'TEST_DATE_TIME_ZONE',
  'SERVICE_MODE',
  'EXPORT_JOBS_QUEUE_URL',
  'DOWNLOAD_TASKS_QUEUE_URL',
  'EXPORT_METADATA_TABLE',
  'EXPORT_OUTPUT_PREFIX',
  'EXPORT_STATE_PREFIX',
  'INTERVIEW_BUCKETS',
  'INTERVIEW_ID_KEY',
];
