import { Context } from '@temporalio/activity';
import type { DownloadTaskMessage } from '../../pipelines/exports/contract/messages.js';
import { readDownloadTask } from '../../pipelines/exports/contract/messages.js';
import { deadFragment } from '../../pipelines/exports/process/dead-fragment.js';
import { isTaskRunning } from '../../pipelines/exports/process/claim-task.js';
import type { ExportParts } from '../../pipelines/exports/process/parts.js';
import { PRIORITIES } from '../../pipelines/exports/contract/priority.js';
import { sweepDeadLetterQueue, type DeadLetterMessage } from '../../queue/sweep-dead-letter-queue.js';

/** What a sweep of the dead-letter queues found and did. */
export interface SweptDeadLetters {
  looked: number;
  /** Files that were settled as `dead_letter`. */
  files: number;
}

export interface SweepActivities {
  sweepDeadLetters(): Promise<SweptDeadLetters>;
}

/** Looked at in one sweep; what is beyond has its turn in the next ones, since each shows the queue in another order. */
const MOST_LOOKED = 2_000;

/**
 * Settles the files of download tasks whose messages are dead letters. The messages stay for people: one that is redriven
 * after its job's end starts the job's next attempt.
 */
export function createSweepActivities({
  dependencies,
  temporal,
  metrics,
  log,
}: Pick<ExportParts, 'dependencies' | 'temporal' | 'metrics' | 'log'>): SweepActivities {
  const { state, jobsQueue, tasksQueue, findDeadLetters } = dependencies;

  /** @returns files that were settled by it */
  async function settle({ body, receiveCount }: DeadLetterMessage, signal: AbortSignal): Promise<number> {
    const read = readDownloadTask(body);
    if (!('message' in read)) return 0;
    const task = read.message;
    const job = state.of(task);
    // A job that has ended is no longer told; another copy of the message may be worked on.
    if ((await job.result(signal)) !== undefined || (await isTaskRunning(temporal(), task))) return 0;
    const ordinals = task.files.map(({ ordinal }) => ordinal);
    const settled = await job.fragments.among(ordinals, signal);
    const open = task.files.filter(({ ordinal }) => !settled.has(ordinal));
    const names = open.length === 0 ? undefined : await namesOf(task, signal);
    let files = 0;
    for (const file of open) {
      const fragment = deadFragment(file, names?.get(file.ordinal) ?? file.file_id, receiveCount);
      if ((await job.fragments.write(fragment, [], signal)) !== 'written') continue;
      metrics.fileSettled(fragment);
      files += 1;
    }
    return files;
  }

  async function namesOf(task: DownloadTaskMessage, signal: AbortSignal): Promise<Map<number, string>> {
    const last = task.files.at(-1)!.ordinal;
    const names = new Map<number, string>();
    for await (const { ordinal, name } of state.of(task).listing.read(signal)) {
      if (ordinal >= task.first_ordinal) names.set(ordinal, name);
      if (ordinal >= last) break;
    }
    return names;
  }

  return {
    async sweepDeadLetters() {
      const signal = Context.current().cancellationSignal;
      const swept: SweptDeadLetters = { looked: 0, files: 0 };
      const tasks = PRIORITIES.map(tasksQueue).flatMap(({ queue, own }) => (own ? [queue] : []));
      for (const queue of [jobsQueue, ...tasks]) {
        const dead = await findDeadLetters(queue.url);
        if (dead === undefined) continue;
        const { looked } = await sweepDeadLetterQueue(
          dead.queue,
          { limit: MOST_LOOKED, signal },
          async (messages) => {
            for (const message of messages) swept.files += await settle(message, signal);
            return [];
          },
        );
        swept.looked += looked;
      }
      if (swept.looked > 0) log.info('export_dead_letters_swept', { ...swept });
      return swept;
    },
  };
}
