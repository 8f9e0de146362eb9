import { INTERVIEWS_SETTINGS } from '../../src/pipelines/interviews/settings/index.js';
import type { Deployment } from './deployment.js';
import type { InterviewsDeployment } from './interviews.js';
import { plainSettings, type PipelineSettings } from './worker-settings.js';

/** Folder of the bucket of series. */
export const SERIES_FOLDER = 'series';

/** The bucket of series: the one that is named, or the stack's own. */
export function seriesBucketName({ environment, account, region, interviews }: Deployment): string {
  return interviews?.series_bucket_name ?? `vachan-${environment}-interviews-${account}-${region}`;
}

/** What both services of interviews are told, besides the address of the queue and secrets. */
export function plainInterviewsSettings(
  deployment: Deployment,
  interviews: InterviewsDeployment,
): Record<string, string> {
  return plainSettings(deployment, interviews.settings, {
    PIPELINES: 'interviews',
    INTERVIEW_BUCKETS: interviews.bucket_names.join(','),
    INTERVIEW_SERIES_PREFIX: `s3://${seriesBucketName(deployment)}/${SERIES_FOLDER}`,
    MONGO_DB_NAME: interviews.mongo.db_name,
  });
}

/** Interviews' services, as a deployment file has them. */
export function interviewsSettings(
  deployment: Deployment,
  interviews: InterviewsDeployment,
): PipelineSettings<typeof INTERVIEWS_SETTINGS> {
  return {
    table: INTERVIEWS_SETTINGS,
    at: 'interviews.',
    settings: interviews.settings,
    secretSettings: interviews.secret_settings,
    environment: {
      ...plainInterviewsSettings(deployment, interviews),
      INTERVIEW_JOBS_QUEUE_URL: 'https://queue.invalid/queue',
      MONGO_URI: 'mongodb://database.invalid',
      INTERVIEW_ID_KEY: 'a-stand-in-for-what-a-secret-holds',
    },
    setByTheStack: [
      'INTERVIEW_BUCKETS',
      'INTERVIEW_SERIES_PREFIX',
      'INTERVIEW_JOBS_QUEUE_URL',
      'INTERVIEW_ID_KEY',
      'MONGO_URI',
      'MONGO_DB_NAME',
    ],
  };
}
