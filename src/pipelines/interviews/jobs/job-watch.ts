import { DependencyUnavailable } from '../../../platform/errors.js';
import { fullJitterMs } from '../../../platform/time/backoff.js';
import { wait } from '../../../platform/time/wait.js';
import type { BackgroundService } from '../../pipeline.js';
import type { InterviewsLogger } from '../log-events.js';
import type { JobStream } from './job-stream.js';

/** What a stream tells at once, a look finds anyway: seldom is enough. */
const BESIDE_STREAM_SECONDS = 300;
/** A run that has done its work ends within a second or two. */
const SOON_SECONDS = 2;
const BACKOFF = { baseMs: 500, maxMs: 15_000 };

export interface JobWatchOptions {
  /**
   * Looks for new jobs, all of them.
   *
   * @param lookSoon has the next look come soon: something is there that cannot be taken on yet
   * @throws DependencyUnavailable
   */
  look: (signal: AbortSignal, lookSoon: () => void) => Promise<unknown>;
  stream: JobStream;
  /** `QUEUE_CHECK_INTERVAL` */
  intervalSeconds: number;
  log: Pick<InterviewsLogger, 'warn' | 'error'>;
}

/**
 * Finds what is inserted into the collection: by looking, and sooner where the server has change streams. The stream only
 * rings; what is there to do, a look decides. So nothing is lost with a stream or its token.
 */
export function createJobWatch({ look, stream, intervalSeconds, log }: JobWatchOptions): BackgroundService {
  const stop = new AbortController();
  // A function, since the signal changes while awaiting.
  const isStopped = (): boolean => stop.signal.aborted;
  let rung = new AbortController();
  let watching = Promise.resolve();

  async function watch(): Promise<void> {
    for (let failures = 0; ;) {
      // Rings during the look are for the next one.
      rung = new AbortController();
      try {
        const next = { isSoon: false };
        await look(stop.signal, () => {
          next.isSoon = true;
        });
        failures = 0;
        const usual = stream.live() ? Math.max(BESIDE_STREAM_SECONDS, intervalSeconds) : intervalSeconds;
        const seconds = next.isSoon ? Math.min(SOON_SECONDS, usual) : usual;
        if (isStopped()) return;
        await wait(seconds * 1000, rung.signal).catch(() => undefined);
      } catch (error) {
        if (isStopped()) return;
        const pauseMs = fullJitterMs(failures++, BACKOFF);
        const told = { error, next_try_ms: Math.round(pauseMs) };
        if (error instanceof DependencyUnavailable) log.warn('dependency_unavailable', told);
        else log.error('unexpected_error', { ...told, while: 'looking for jobs' });
        await wait(pauseMs, stop.signal).catch(() => undefined);
      }
      if (isStopped()) return;
    }
  }

  const end = (): void => {
    stop.abort();
    rung.abort();
  };

  return {
    start() {
      stream.start(() => rung.abort());
      watching = watch();
    },
    drain: end,
    async close() {
      end();
      await stream.close();
      await watching;
    },
  };
}
