import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { EXPORT_HANDLERS } from '#vachan/pipelines/exports/contract/claim.js';
import { jobWorkflowId } from '#vachan/pipelines/exports/contract/job-ref.js';
import type { ExportApi } from '../../export-api/start-export-api.js';
import { letTaskDie } from '../../exports/let-task-die.js';
import {
  addToApi,
  jobsMessage,
  MALFORMED,
  sendJobs,
  sendToJobs,
  writeMetadata,
} from '../../exports/seed-exports.js';
import { sizeOf, type SeededJob } from '../../exports/seeded-job.js';
import type { ExportsEndpoints } from '../../stack/exports.js';
import type { Random } from '../random.js';

/** What a fault would like to meet. */
export type Wish = 'cancel' | 'large' | 'many';

/** What processes are given to do, piece by piece. */
export interface ChaosExports {
  readonly jobs: readonly SeededJob[];
  /** Bodies in the jobs' queue that are no messages. */
  readonly malformed: readonly string[];
  /**
   * Before any worker runs: tasks that nobody settles are received until SQS gives them up. The dead letters are then swept by
   * the system.
   *
   * @param maxReceiveCount of the queue
   */
  letTasksDie(maxReceiveCount: number): Promise<void>;
  /** Those that are not late. */
  send(): Promise<void>;
  /** The next late job that fits the wish, or without one fits none, else any; 0 when none is left. */
  sendLate(wish?: Wish): Promise<number>;
  lateLeft(): number;
  /** Messages of some jobs that were sent before; resolves to how many. */
  sendAgain(random: Random): Promise<number>;
  /** Cancels jobs that have come as far as they should; resolves to how many. One whose turn it is while Temporal is away waits. */
  cancelDue(client: Client): Promise<number>;
}

const LARGE_BYTES = 8 * 1024 * 1024;
const MANY_FILES = 20;
const MOST_SENT_AGAIN = 3;

const FITS: Readonly<Record<Wish, (job: SeededJob) => boolean>> = {
  cancel: ({ cancel }) => cancel !== undefined,
  large: ({ files }) => files.some(({ entries }) => entries.some((entry) => sizeOf(entry) > LARGE_BYTES)),
  many: ({ files }) => files.length >= MANY_FILES,
};

const isOrdinary = (job: SeededJob): boolean => !Object.values(FITS).some((fits) => fits(job));

/** Tells the APIs and the table of all jobs; nothing is sent yet. */
export async function seedChaosExports(
  jobs: readonly SeededJob[],
  { apis, endpoints }: { apis: ReadonlyMap<string, ExportApi>; endpoints: ExportsEndpoints },
): Promise<ChaosExports> {
  for (const job of jobs) addToApi(job, apis.get(job.ref.source)!);
  await writeMetadata(jobs, endpoints);
  const late = jobs.filter(({ isLate }) => isLate);
  const early = jobs.filter(({ isLate, dies }) => isLate !== true && dies !== true);
  const uncancelled = new Set(jobs.filter(({ cancel }) => cancel !== undefined));
  const sent: SeededJob[] = [];
  const sendOne = ({ ref }: SeededJob): Promise<void> =>
    sendToJobs(endpoints, jobsMessage(ref.source, [ref.export_id]));
  const served = ({ ref, files }: SeededJob): number =>
    files.reduce((sum, { id }) => sum + apis.get(ref.source)!.log.served(ref.export_id, id), 0);

  return {
    ...{ jobs, malformed: [MALFORMED] },
    letTasksDie: async (maxReceiveCount) => {
      for (const job of jobs.filter(({ dies }) => dies)) {
        await sendOne(job);
        await letTaskDie(endpoints, maxReceiveCount);
      }
    },
    send: async () => {
      await sendJobs(early, endpoints);
      sent.push(...early);
    },
    sendLate: async (wish) => {
      // What may be wished for is kept for that.
      const fitting = late.findIndex(wish === undefined ? isOrdinary : FITS[wish]);
      const [next] = late.splice(Math.max(0, fitting), 1);
      if (next === undefined) return 0;
      await sendOne(next);
      if (next.isSentTwice === true) await sendOne(next);
      sent.push(next);
      return 1;
    },
    lateLeft: () => late.length,
    sendAgain: async (random) => {
      const again = random.shuffled(sent).slice(0, random.between(1, MOST_SENT_AGAIN));
      for (const job of again) await sendOne(job);
      return again.length;
    },
    cancelDue: async (client) => {
      let count = 0;
      for (const job of uncancelled) {
        if (served(job) < job.cancel!.afterBytes || !(await cancelJob(client, job))) continue;
        uncancelled.delete(job);
        count += 1;
      }
      return count;
    },
  };
}

/** @returns false where it has to be tried again */
async function cancelJob(client: Client, { ref, cancel }: SeededJob): Promise<boolean> {
  const handle = client.workflow.getHandle(jobWorkflowId(ref));
  try {
    await (cancel?.by === 'signal' ? handle.signal(EXPORT_HANDLERS.cancel) : handle.cancel());
    return true;
  } catch (error) {
    return error instanceof WorkflowNotFoundError;
  }
}
