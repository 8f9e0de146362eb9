import { MongoServerError, type ChangeStream, type Document } from 'mongodb';
import { mapMongoError } from '../../../platform/mongo-errors.js';
import { fullJitterMs } from '../../../platform/time/backoff.js';
import { wait } from '../../../platform/time/wait.js';
import { JOB_STATUS } from '../contract/job.js';
import type { InterviewsLogger } from '../log-events.js';
import { ENDED, type JobCollection } from './job-writes.js';

/** Tells that there may be new jobs. */
export interface JobStream {
  /** @param ring called for whatever may be new, and whenever the stream begins: what came before it is not told */
  start(ring: () => void): void;
  /** Whether it tells just now. */
  live(): boolean;
  close(): Promise<void>;
}

/** By the server's code: a server that is no replica set, or has no change streams, or not for this user. */
const NO_STREAMS: ReadonlySet<number> = new Set([13, 59, 115, 136, 303, 8000, 40_324, 40_573]);
const BACKOFF = { baseMs: 1_000, maxMs: 60_000 };

/**
 * New documents, those whose state becomes "0" again, and those given back since their start failed. All else that the
 * service writes is left out on the server.
 */
const NEW_JOBS: Document[] = [
  {
    $match: {
      $or: [
        {
          operationType: { $in: ['insert', 'replace'] },
          'fullDocument.status': { $nin: [JOB_STATUS.processing, ...ENDED] },
        },
        { operationType: 'update', 'updateDescription.updatedFields.status': JOB_STATUS.pending },
        { operationType: 'update', 'updateDescription.removedFields': 'admitted_at' },
      ],
    },
  },
  { $project: { operationType: 1 } },
];

/**
 * The collection's change stream, where the server has one. The driver resumes it after a cut; where it cannot, as with a
 * token that the server has forgotten, another one is begun.
 */
export function createJobStream(
  collection: JobCollection,
  log: Pick<InterviewsLogger, 'info' | 'warn'>,
): JobStream {
  const stop = new AbortController();
  // A function, since the signal changes while awaiting.
  const isStopped = (): boolean => stop.signal.aborted;
  let open: ChangeStream | undefined;
  let isLive = false;
  let following = Promise.resolve();

  async function follow(ring: () => void): Promise<void> {
    for (let failures = 0; !isStopped();) {
      try {
        open = collection.watch(NEW_JOBS);
        // Asks the server for the first time: from here on it tells.
        await open.tryNext();
        isLive = true;
        failures = 0;
        ring();
        while (!isStopped()) {
          await open.next();
          ring();
        }
      } catch (error) {
        isLive = false;
        if (isStopped()) return;
        if (error instanceof MongoServerError && NO_STREAMS.has(Number(error.code))) {
          log.info('interview_jobs_polled', { reason: error.codeName ?? String(error.code) });
          return;
        }
        const pauseMs = fullJitterMs(failures++, BACKOFF);
        log.warn('dependency_unavailable', {
          error: mapMongoError("follow the jobs' change stream", error),
          next_try_ms: Math.round(pauseMs),
        });
        await wait(pauseMs, stop.signal).catch(() => undefined);
      } finally {
        await open?.close().catch(() => undefined);
      }
    }
  }

  return {
    start(ring) {
      following = follow(ring);
    },
    live: () => isLive,
    async close() {
      stop.abort();
      isLive = false;
      await open?.close().catch(() => undefined);
      await following;
    },
  };
}
