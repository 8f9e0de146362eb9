import type { ObjectStore } from '../../../objects/data-path/object-store.js';
import type { DeadLetterQueue } from '../../../queue/dead-letter-queue.js';
import type { MessageQueue } from '../../../queue/message-queue.js';
import type { EndpointStates } from '../../../webhook/endpoint-states.js';
import type { WebhookEndpoint } from '../../../webhook/endpoint.js';
import type { TemporalAccess } from '../../pipeline.js';
import type { InterviewEvents } from '../events/interview-events.js';
import type { ErasedInterviews } from '../erase/erased-interviews.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import type { JobCollection } from '../jobs/job-writes.js';
import type { InterviewsLogger } from '../log-events.js';
import type { InterviewsMetrics } from '../metrics/interviews-metrics.js';
import type { InterviewParts } from '../results/interview-parts.js';
import type { InterviewResults } from '../results/interview-results.js';
import type { InterviewsSettings } from '../settings/index.js';

/** The real clients of one process, made once from its settings; none connects before it is first used. */
export interface InterviewDependencies {
  jobs: InterviewJobs;
  /** The documents of the queue as anybody may have inserted them; jobs are made of them by their admission. */
  queue: JobCollection;
  erased: ErasedInterviews;
  /** Undefined without INTERVIEW_JOBS_QUEUE_URL. */
  jobsQueue: MessageQueue | undefined;
  /** The queue's dead-letter messages; undefined where it has none. */
  findDeadLetters: (queueUrl: string) => Promise<DeadLetterQueue | undefined>;
  parts: InterviewParts;
  results: InterviewResults;
  events: InterviewEvents;
  /** Where events are sent; undefined where no address is set. */
  endpoint: WebhookEndpoint | undefined;
  endpointStates: EndpointStates;
  objects: ObjectStore;
  /**
   * Makes sure that the database is there, with its indexes.
   *
   * @returns what an operator should know of them
   * @throws DependencyUnavailable, and may then be called again
   */
  connect(): Promise<string | undefined>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What the activities of every role, the services and the endpoints are made with. */
export interface ActivityParts {
  config: InterviewsSettings;
  dependencies: InterviewDependencies;
  metrics: InterviewsMetrics;
  /** Asked only once Temporal can be. */
  temporal: () => TemporalAccess;
  log: InterviewsLogger;
}
