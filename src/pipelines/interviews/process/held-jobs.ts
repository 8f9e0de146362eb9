import type { HeldWork } from '../../pipeline.js';
import type { InterviewJob } from '../contract/job.js';
import { PlaceGone } from '../errors.js';

/** A job for which this process keeps a place. */
export interface HeldJob {
  readonly job: InterviewJob;
  readonly runId: string;
  /** Of the object that the attempt reads. */
  readonly object: { size: number; etag: string };
  /** Aborted once the place is given back, or the job has ended: see `isFinished`. */
  readonly gone: AbortSignal;
}

/** Identity of a held job: one of another run, or of the run before, is not it. */
export interface HeldJobRef {
  job_id: string;
  run_id: string;
}

/** The places of one process: as many jobs as it works on at once. */
export interface HeldJobs extends HeldWork {
  /** Keeps a place from now on; an earlier attempt of the same job that is still here is let go first. */
  hold(held: Omit<HeldJob, 'gone'>): void;
  /**
   * Works on a held job: as long as anything does, the place is kept.
   *
   * @throws PlaceGone where this process has no place for it (any more), also when it is given back meanwhile
   */
  use<T>(ref: HeldJobRef, work: (held: HeldJob) => Promise<T>): Promise<T>;
  /** Gives the place back; knows nothing of the job: does nothing. */
  finish(ref: HeldJobRef): void;
}

/** Why a place ends whose job is over, one way or another. */
const FINISHED = new PlaceGone('The job has ended.');

/** Whether a place has ended with its job, as it should. */
export function isFinished({ gone }: Pick<HeldJob, 'gone'>): boolean {
  return gone.reason === FINISHED;
}

/** A job that nothing came for so long has a workflow that is gone, or does not hear of this process. */
const IDLE_MS = 60_000;

interface Place {
  held: HeldJob;
  abort: AbortController;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** @param idleMs until a place is given back that nothing uses */
export function createHeldJobs(idleMs = IDLE_MS): HeldJobs {
  const places = new Map<string, Place>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((listener) => listener());

  const drop = (
    place: Place,
    why = new PlaceGone('This process has given the place of the job back.'),
  ): void => {
    if (places.get(place.held.job.job_id) !== place) return;
    places.delete(place.held.job.job_id);
    clearTimeout(place.idle);
    place.abort.abort(why);
    changed();
  };
  const placeOf = ({ job_id: id, run_id: runId }: HeldJobRef): Place | undefined => {
    const place = places.get(id);
    return place?.held.runId === runId ? place : undefined;
  };
  const watchIdle = (place: Place): void => {
    place.idle = setTimeout(() => drop(place), idleMs);
    place.idle.unref();
  };

  return {
    get size() {
      return places.size;
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
    hold(held) {
      const before = places.get(held.job.job_id);
      if (before !== undefined) drop(before);
      const abort = new AbortController();
      const place: Place = { held: { ...held, gone: abort.signal }, abort, users: 0, idle: undefined };
      places.set(held.job.job_id, place);
      watchIdle(place);
      changed();
    },
    async use(ref, work) {
      const place = placeOf(ref);
      if (place === undefined) throw new PlaceGone('This process holds no place for the job.');
      clearTimeout(place.idle);
      place.users += 1;
      try {
        return await work(place.held);
      } catch (error) {
        // What was cut short since the place is gone fails as that.
        place.abort.signal.throwIfAborted();
        throw error;
      } finally {
        place.users -= 1;
        if (place.users === 0 && places.get(ref.job_id) === place) watchIdle(place);
      }
    },
    finish(ref) {
      const place = placeOf(ref);
      if (place !== undefined) drop(place, FINISHED);
    },
    giveBackAll() {
      for (const place of [...places.values()]) drop(place);
      return Promise.resolve();
    },
  };
}
