import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { Places } from '../../contract/backlog.js';
import { WORKFLOW_TYPES } from '../../pipelines/exports/contract/names.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import { countRunningWorkflows } from '../../temporal/running-workflows.js';

/** Tasks that a job may have out however many there are, so that two small processes never wait for a look. */
const LEAST_OUT = 8;
/** Tasks out for each slot that is a job's share: one that runs, and one that waits. */
const OUT_FOR_EACH_SLOT = 2;
/** The answers are counted by the server from an index that lags by about as much. */
const KEPT_MS = 10_000;

export interface Capacity {
  /** Tasks that all live workers together take at once. */
  slots: number;
  /** Jobs that run. */
  activeJobs: number;
}

/**
 * Tasks that one job may have out. The bound is what makes jobs fair to each other: a queue is read in order, so that a
 * job that sent all of its tasks at once would have every later job wait for them.
 */
export function mostOutstanding({ slots, activeJobs }: Capacity): number {
  return Math.max(LEAST_OUT, Math.floor((OUT_FOR_EACH_SLOT * slots) / Math.max(1, activeJobs)));
}

/**
 * Says how many slots and jobs there are, at most every ten seconds.
 *
 * @param temporal and the task queue where jobs run
 * @param defaultPlaces of a worker that does not say how many it has
 */
export function watchCapacity(
  temporal: () => { client: Client; taskQueue: string },
  workerPlaces: () => Promise<Places>,
  defaultPlaces: number,
  now: () => number = () => performance.now(),
): () => Promise<Capacity> {
  let kept: { at: number; capacity: Promise<Capacity> } | undefined;
  const look = async (): Promise<Capacity> => {
    const { client, taskQueue } = temporal();
    try {
      const [places, activeJobs] = await Promise.all([
        workerPlaces(),
        countRunningWorkflows(client, WORKFLOW_TYPES.job, taskQueue),
      ]);
      return { slots: places.reduce<number>((sum, of) => sum + (of ?? defaultPlaces), 0), activeJobs };
    } catch (error) {
      // Nobody's work waits for a number that is only about sharing.
      if (error instanceof DependencyUnavailable || isGrpcServiceError(error))
        return { slots: 0, activeJobs: 1 };
      throw error;
    }
  };
  return () => {
    if (kept === undefined || now() - kept.at > KEPT_MS) kept = { at: now(), capacity: look() };
    return kept.capacity;
  };
}
