import pLimit from 'p-limit';
import type { ConsumedMessage } from '../../../../queue/consumed-message.js';
import type { Settlement } from '../../../../queue/settle-message.js';
import { InvalidRequest } from '../../../../platform/http/api.js';
import type { MessageOutcome } from '../../metrics/interviews-metrics.js';
import { add, addJobs, type AddJobsParts } from '../add-jobs.js';
import { InterviewErased } from '../job-errors.js';
import type { JobRequest } from '../job-fields.js';
import type { ObjectArrivals } from '../object-arrived.js';
import type { ObjectJobs } from '../object-jobs.js';
import { jobOfKey } from './key-pattern.js';
import type { JobsMessage } from './read-message.js';
import type { WrittenObject } from './s3-events.js';

export interface JobsHandlerParts extends AddJobsParts {
  /** `INTERVIEW_BUCKETS` */
  buckets: readonly string[];
  /** `INTERVIEW_KEY_PATTERN` */
  pattern: RegExp | undefined;
  objectJobs: Pick<ObjectJobs, 'of'>;
  arrivals: Pick<ObjectArrivals, 'tell'>;
}

const AT_ONCE = 8;
/** Of what several objects or jobs of one message came to, the first of these is its outcome. */
const RANKED: readonly MessageOutcome[] = ['admitted', 'woken', 'known', 'ignored'];

/** Takes on the jobs of a message, and tells those whose object has come; then the message may go. */
export function createJobsHandler(
  parts: JobsHandlerParts,
): (consumed: Pick<ConsumedMessage<JobsMessage>, 'message' | 'signal'>) => Promise<Settlement> {
  return async ({ message, signal }) => {
    if ('jobs' in message) return takeJobs(parts, message.jobs);
    const limit = pLimit(AT_ONCE);
    const outcomes = await Promise.all(
      message.objects.map((object) =>
        limit(() => {
          signal.throwIfAborted();
          return takeObject(parts, object);
        }),
      ),
    );
    return { message: 'delete', outcome: first(outcomes.flat()) };
  };
}

async function takeJobs(parts: JobsHandlerParts, requests: readonly JobRequest[]): Promise<Settlement> {
  try {
    const added = await addJobs(parts, requests);
    return { message: 'delete', outcome: first(added.map(outcomeOf)) };
  } catch (error) {
    // Who sent it finds it where its other mistakes lie.
    if (error instanceof InvalidRequest) {
      return { message: 'dead-letter', reason: error.message, outcome: 'malformed' };
    }
    throw error;
  }
}

async function takeObject(parts: JobsHandlerParts, object: WrittenObject): Promise<MessageOutcome[]> {
  const { buckets, pattern, objectJobs, arrivals } = parts;
  if (!buckets.includes(object.bucket)) return ['ignored'];
  const jobs = await objectJobs.of(object);
  const outcomes: MessageOutcome[] = [];
  for (const job of jobs) {
    const arrival = await arrivals.tell(job, object.etag);
    // One that is begun anew is found by the watch, which also waits for the run that is about to end.
    outcomes.push(arrival === 'begun_anew' ? 'admitted' : arrival === 'woken' ? 'woken' : 'known');
  }
  const request = jobs.length === 0 ? jobOfKey(pattern, object) : undefined;
  if (request !== undefined) outcomes.push(await takeNamed(parts, request));
  return outcomes;
}

/** A job that an object's key names. */
async function takeNamed(parts: JobsHandlerParts, request: JobRequest): Promise<MessageOutcome> {
  try {
    await parts.admission.check(request);
  } catch (error) {
    if (error instanceof InterviewErased) return 'ignored';
    throw error;
  }
  return outcomeOf(await add(parts, request));
}

function outcomeOf({ outcome }: { outcome: 'added' | 'known' | 'erased' }): MessageOutcome {
  return outcome === 'added' ? 'admitted' : outcome === 'known' ? 'known' : 'ignored';
}

function first(outcomes: readonly MessageOutcome[]): MessageOutcome {
  return RANKED.find((outcome) => outcomes.includes(outcome)) ?? 'ignored';
}
