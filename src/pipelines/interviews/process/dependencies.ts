import { createObjectStore } from '../../../objects/data-path/create-object-store.js';
import { createObjectFolder } from '../../../objects/object-folder.js';
import { connectS3 } from '../../../objects/s3-client.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import { onMongo, reachMongo } from '../../../platform/mongo-errors.js';
import { findDeadLetterQueue } from '../../../queue/dead-letter-queue.js';
import { createSqsClient } from '../../../queue/sqs-client.js';
import { createSqsQueue } from '../../../queue/sqs-queue.js';
import { createWebhookEndpoint } from '../../../webhook/endpoint.js';
import { createMongoErasedInterviews } from '../erase/mongo-erased-interviews.js';
import { createMongoEndpointStates, endpointsCollectionName } from '../events/mongo-endpoint-states.js';
import { createMongoInterviewEvents } from '../events/mongo-interview-events.js';
import type { JobDocument } from '../jobs/job-document.js';
import { createMongoInterviewJobs } from '../jobs/mongo-interview-jobs.js';
import { createMongoInterviewParts } from '../results/mongo-interview-parts.js';
import { createMongoInterviewResults } from '../results/mongo-interview-results.js';
import { createSeriesObjects } from '../results/series-objects.js';
import type { InterviewsSettings } from '../settings/index.js';
import type { InterviewDependencies } from './parts.js';

/** Makes the clients; none of them connects before it is first used. @throws ConfigurationError */
export function createDependencies(config: InterviewsSettings): InterviewDependencies {
  const mongo = createMongoClient(config);
  const db = mongoDatabase(mongo, config);
  const s3 = connectS3(config);
  const objects = createObjectStore({
    region: config.AWS_REGION,
    endpoint: config.AWS_ENDPOINT_URL,
    credentials: s3.config.credentials,
    limits: {
      connectTimeoutMs: config.S3_CONNECT_TIMEOUT_SECONDS * 1000,
      silenceTimeoutMs: config.S3_SOCK_READ_TIMEOUT_SECONDS * 1000,
      maxRetries: config.S3_MAX_RETRIES,
      backoffBaseMs: config.S3_RETRY_BACKOFF_SECONDS * 1000,
    },
  });
  const queue = db.collection<JobDocument>(config.INTERVIEW_QUEUE_COLLECTION);
  const jobs = createMongoInterviewJobs(queue);
  const erased = createMongoErasedInterviews(
    db.collection(config.INTERVIEW_ERASED_COLLECTION),
    config.INTERVIEW_ID_KEY,
  );
  const series = config.INTERVIEW_SERIES_PREFIX;
  const results = createMongoInterviewResults(db.collection(config.INTERVIEW_RESULT_COLLECTION), {
    ...{ jobs, erased },
    series:
      series === undefined
        ? undefined
        : createSeriesObjects(createObjectFolder(s3, series.bucket), series.prefix),
  });
  const parts = createMongoInterviewParts(db.collection(config.INTERVIEW_PARTS_COLLECTION));
  const events = createMongoInterviewEvents(
    db.collection(config.INTERVIEW_EVENTS_COLLECTION),
    config.INTERVIEW_QUEUE_COLLECTION,
  );
  const endpoint = createWebhookEndpoint(config);
  const endpointStates = createMongoEndpointStates(
    db.collection(endpointsCollectionName(config.INTERVIEW_EVENTS_COLLECTION)),
  );
  const sqs = createSqsClient({ region: config.AWS_REGION });
  const { INTERVIEW_JOBS_QUEUE_URL: jobsQueueUrl } = config;
  const jobsQueue =
    jobsQueueUrl === undefined ? undefined : createSqsQueue({ client: sqs, url: jobsQueueUrl });

  return {
    ...{ jobs, queue, erased, results, parts, events, objects, endpoint, endpointStates, jobsQueue },
    findDeadLetters: (url) => findDeadLetterQueue(sqs, url),
    async connect() {
      await reachMongo(mongo);
      for (const repository of [erased, results, parts, events]) await repository.ensureIndexes();
      return jobs.ensureIndexes();
    },
    ping: () =>
      onMongo('answer a ping', async () => {
        await db.command({ ping: 1 });
      }),
    async close() {
      // Polls that were cut may still bring messages, which are given back before the client goes.
      await jobsQueue?.idle();
      endpoint?.close();
      objects.close();
      await mongo.close();
      sqs.destroy();
      s3.destroy();
    },
  };
}
