import { createConsumer, type Consumer } from '../../../../queue/consume.js';
import type { MessageQueue } from '../../../../queue/message-queue.js';
import type { MessageOutcome } from '../../metrics/interviews-metrics.js';
import type { ActivityParts } from '../../process/parts.js';
import type { Admission } from '../admission.js';
import { createJobWorkflows } from '../job-workflows.js';
import { createObjectArrivals } from '../object-arrived.js';
import { createObjectJobs } from '../object-jobs.js';
import { createJobsHandler } from './jobs-handler.js';
import { readJobsMessage, type JobsMessage } from './read-message.js';

/** Messages that one orchestrator handles at once; each writes a few documents. */
const PLACES = 16;
/** A message takes seconds: one that is held for an hour is somebody else's turn. */
const YIELD_AFTER_SECONDS = 3600;

/** Reads the queue that brings jobs and tells of objects. */
export function createJobsConsumer(
  queue: MessageQueue,
  { config, dependencies, metrics, temporal, log }: ActivityParts,
  admission: Admission,
): Consumer {
  const { queue: collection, jobs, objects, findDeadLetters } = dependencies;
  const objectJobs = createObjectJobs(collection);
  const workflows = createJobWorkflows(temporal);
  return createConsumer<JobsMessage>({
    queues: [{ queue, weight: 1 }],
    places: PLACES,
    visibilityTimeoutSeconds: config.SQS_VISIBILITY_TIMEOUT_SECONDS,
    yieldAfterSeconds: YIELD_AFTER_SECONDS,
    shutdownGraceSeconds: config.SHUTDOWN_GRACE_SECONDS,
    read: ({ body }) => readJobsMessage(body),
    handle: createJobsHandler({
      ...{ collection, admission, log, objectJobs },
      buckets: config.INTERVIEW_BUCKETS,
      pattern: config.INTERVIEW_KEY_PATTERN,
      arrivals: createObjectArrivals({ jobs, objectJobs, workflows, objects }),
    }),
    findDeadLetters,
    onReceived: (queueUrl, { sentAtMs, receiveCount }) => {
      const first = receiveCount === 1 && sentAtMs !== undefined ? [sentAtMs] : [];
      metrics.received(queueUrl, 1, first, Date.now());
    },
    onEnded: (queueUrl, outcome, seconds) =>
      metrics.messageEnded(queueUrl, outcome as MessageOutcome, seconds),
    log,
  });
}
