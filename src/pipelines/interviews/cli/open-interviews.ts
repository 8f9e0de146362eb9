import { connectS3 } from '../../../objects/s3-client.js';
import { S3_SETTINGS } from '../../../objects/s3-settings.js';
import { createObjectFolder } from '../../../objects/object-folder.js';
import { MONGO_SETTINGS } from '../../../platform/config/settings/mongo-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import { createMongoErasedInterviews } from '../erase/mongo-erased-interviews.js';
import type { ErasedInterviews } from '../erase/erased-interviews.js';
import type { InterviewEvents } from '../events/interview-events.js';
import { createMongoInterviewEvents } from '../events/mongo-interview-events.js';
import { insertJob, type InsertedJob } from '../jobs/insert-job.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import { createMongoInterviewJobs } from '../jobs/mongo-interview-jobs.js';
import type { InterviewParts } from '../results/interview-parts.js';
import type { InterviewResults } from '../results/interview-results.js';
import { createMongoInterviewParts } from '../results/mongo-interview-parts.js';
import { createMongoInterviewResults } from '../results/mongo-interview-results.js';
import { createSeriesObjects, type SeriesObjects } from '../results/series-objects.js';
import type { JobRequest } from '../jobs/job-fields.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';

/** What MongoDB and S3 keep of interviews. */
export interface InterviewsAccess {
  jobs: InterviewJobs;
  parts: InterviewParts;
  results: InterviewResults;
  events: InterviewEvents;
  erased: ErasedInterviews;
  /** Undefined where `INTERVIEW_SERIES_PREFIX` is not set. */
  series: SeriesObjects | undefined;
  /** Puts a job where an upstream application would; the same one again is not added. */
  insertJob: (request: JobRequest) => Promise<InsertedJob>;
  /** `INTERVIEW_BUCKETS` */
  buckets: readonly string[];
  /** `INTERVIEW_ID_KEY` */
  idKey: string;
  close: () => Promise<void>;
}

/** @throws ConfigurationError */
export function openInterviews(environment: Environment): InterviewsAccess {
  const settings = loadSettings(
    environment,
    MONGO_SETTINGS,
    S3_SETTINGS,
    pick(
      INTERVIEWS_SETTINGS,
      'INTERVIEW_BUCKETS',
      'INTERVIEW_ID_KEY',
      'INTERVIEW_QUEUE_COLLECTION',
      'INTERVIEW_RESULT_COLLECTION',
      'INTERVIEW_PARTS_COLLECTION',
      'INTERVIEW_EVENTS_COLLECTION',
      'INTERVIEW_ERASED_COLLECTION',
      'INTERVIEW_SERIES_PREFIX',
    ),
  );
  const { INTERVIEW_SERIES_PREFIX: prefix, INTERVIEW_ID_KEY: idKey } = settings;
  const client = createMongoClient(settings);
  const db = mongoDatabase(client, settings);
  const s3 = prefix === undefined ? undefined : connectS3(settings);
  const series = prefix && s3 && createSeriesObjects(createObjectFolder(s3, prefix.bucket), prefix.prefix);
  const queue = settings.INTERVIEW_QUEUE_COLLECTION;
  const jobs = createMongoInterviewJobs(db.collection(queue));
  const erased = createMongoErasedInterviews(db.collection(settings.INTERVIEW_ERASED_COLLECTION), idKey);
  return {
    jobs,
    parts: createMongoInterviewParts(db.collection(settings.INTERVIEW_PARTS_COLLECTION)),
    results: createMongoInterviewResults(db.collection(settings.INTERVIEW_RESULT_COLLECTION), {
      jobs,
      erased,
      series,
    }),
    events: createMongoInterviewEvents(db.collection(settings.INTERVIEW_EVENTS_COLLECTION), queue),
    erased,
    series,
    insertJob: (request) => insertJob(db.collection(queue), request),
    buckets: settings.INTERVIEW_BUCKETS,
    idKey,
    close: async () => {
      await client.close();
      s3?.destroy();
    },
  };
}
