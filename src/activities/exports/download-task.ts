import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import pLimit from 'p-limit';
import { NOT_HELD } from '../../pipelines/exports/contract/claim.js';
import type { EntryRow, Fragment } from '../../pipelines/exports/contract/fragment.js';
import type { JobRef } from '../../pipelines/exports/contract/job-ref.js';
import type { ListedFile } from '../../pipelines/exports/contract/listed-file.js';
import { UploadYielded } from '../../pipelines/exports/errors.js';
import { namesOf, type ExportsLogger } from '../../pipelines/exports/log-events.js';
import type { HeldTask, HeldTasks, TaskEnd } from '../../pipelines/exports/process/held-task.js';
import { failedFragment } from '../../pipelines/exports/state/failed-fragment.js';
import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';
import type { UploadControls } from '../../pipelines/exports/upload/uploader.js';
import { VachanError } from '../../platform/errors.js';
import { unlessAborted } from '../../platform/time/abort.js';
import type { TaskActivities } from './activity-types.js';
import type { JobWaker } from './wake-jobs.js';

/** How long a task stays here while what it depends on is away; then another process may be better off. */
const GIVE_UP_AFTER_MS = 2 * 3_600_000;

/** Files of a pack at once: small ones, which mostly wait for answers. */
const FILES_AT_ONCE = 4;
/** How often a task makes sure that its job is not cancelled, beside being told by Temporal. */
const LOOK_FOR_CANCEL_MS = 10_000;

/** Works on one file, from its link to its objects. */
export interface FileWork {
  /**
   * Everything about the file becomes its fragment. @throws UploadYielded, and errors that are retryable, which say that
   * something else is in the way
   *
   * @param job its correlation id goes with the calls for links
   */
  settleFile(
    job: JobRef & { correlation_id: string },
    file: ListedFile,
    controls: UploadControls,
  ): Promise<{ fragment: Fragment; rows: AsyncIterable<EntryRow> | Iterable<EntryRow> }>;
}

export interface DownloadTaskDependencies {
  state: Pick<ExportState, 'of' | 'objects'>;
  heldTasks: HeldTasks;
  work: FileWork;
  waker: JobWaker;
  log: ExportsLogger;
  /** After so long a task is given back for its age. */
  yieldAfterSeconds: number;
  now?: () => number;
}

/**
 * Settles the files of a task whose message this process holds. It returns once the message can go or be given back, and
 * fails while it makes sense to try again here.
 */
export function createDownloadTaskActivity({
  state,
  heldTasks,
  work,
  waker,
  log,
  yieldAfterSeconds,
  now = Date.now,
}: DownloadTaskDependencies): TaskActivities {
  /** Attempts under way: one whose heartbeat was late may still be at work when the next one begins. */
  const underWay = new WeakMap<HeldTask, Promise<unknown>>();
  const failingSince = new WeakMap<HeldTask, number>();

  return {
    async downloadTask(input) {
      const context = Context.current();
      const { workflowId } = context.info.workflowExecution!;
      const before = heldTasks.take(workflowId);
      if (before !== undefined) await underWay.get(before)?.catch(() => undefined);
      // An attempt that learned of its end has let go of the message.
      const held = heldTasks.take(workflowId);
      if (held === undefined) {
        throw ApplicationFailure.nonRetryable("This process does not hold the task's message.", NOT_HELD);
      }
      const attempt = runTask(input, held, context);
      underWay.set(held, attempt);
      return { outcome: await attempt };
    },
  };

  async function runTask(
    input: JobRef & { first_ordinal: number },
    held: HeldTask,
    context: Context,
  ): Promise<TaskEnd> {
    const finish = (end: TaskEnd): TaskEnd => {
      if (end === 'yielded' || end === 'gave_up') {
        log.info('export_task_yielded', {
          ...namesOf(held.task),
          first_ordinal: input.first_ordinal,
          outcome: end,
        });
      }
      held.finish(end);
      return end;
    };
    try {
      return finish(await inTurn(held, context, () => settleFiles(state.of(input), held, context)));
    } catch (error) {
      if (context.cancellationSignal.aborted) {
        const isWanted = context.cancellationDetails?.cancelRequested === true;
        finish(isWanted ? 'cancelled' : 'yielded');
        throw new CancelledFailure('downloadTask was cancelled');
      }
      if (held.signal.aborted || error instanceof UploadYielded) return finish('yielded');
      const since = failingSince.get(held) ?? now();
      failingSince.set(held, since);
      if (now() - since >= GIVE_UP_AFTER_MS) return finish('gave_up');
      if (isFinal(error)) finish('gave_up');
      throw error;
    }
  }

  /** One that is asked to stop before its turn has nothing to finish. */
  async function inTurn(held: HeldTask, context: Context, work: () => Promise<TaskEnd>): Promise<TaskEnd> {
    const turn = held.turn();
    let end: () => void;
    try {
      const signals = [held.signal, held.yieldSignal, context.cancellationSignal];
      end = await unlessAborted(turn, AbortSignal.any(signals));
    } catch (error) {
      turn.then((late) => late()).catch(() => undefined);
      if (held.yieldSignal.aborted) return 'yielded';
      throw error;
    }
    try {
      return await work();
    } finally {
      end();
    }
  }

  async function settleFiles(job: JobState, held: HeldTask, context: Context): Promise<TaskEnd> {
    const signal = AbortSignal.any([held.signal, context.cancellationSignal]);
    const ordinals = held.task.files.map(({ ordinal }) => ordinal);
    const page = (await job.listing.findPage(ordinals[0]!, signal)) ?? [];
    const settled = await job.fragments.among(ordinals, signal);
    const files = ordinals.filter((ordinal) => !settled.has(ordinal));
    // A message that nobody of ours has sent: people find it among the dead letters.
    const missing = files.some((ordinal) => !page.some((file) => file.ordinal === ordinal));
    if (missing) return 'gave_up';
    if (await job.isCancelled(signal)) return 'cancelled';

    let looked = now();
    let end: TaskEnd | undefined;
    const isOver = async (): Promise<boolean> => {
      if (end === undefined && held.shouldYield()) end = 'yielded';
      if (end === undefined && now() - looked >= LOOK_FOR_CANCEL_MS) {
        looked = now();
        if (await job.isCancelled(signal)) end = 'cancelled';
      }
      return end !== undefined;
    };
    const inTurn = pLimit(FILES_AT_ONCE);
    const results = await Promise.allSettled(
      files.map((ordinal) =>
        inTurn(async () => {
          if (await isOver()) return;
          const file = page.find((listed) => listed.ordinal === ordinal)!;
          await settle(job, file, held, { signal, startedMs: context.info.scheduledTimestampMs });
          failingSince.delete(held);
        }),
      ),
    );
    // What is in one file's way is not in that of its neighbours.
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return end ?? 'settled';
  }

  async function settle(
    job: JobState,
    file: ListedFile,
    held: HeldTask,
    { signal, startedMs }: { signal: AbortSignal; startedMs: number },
  ): Promise<void> {
    const { correlation_id: correlationId } = held.task;
    let gained = 0;
    const controls: UploadControls = {
      signal,
      shouldYield: () => held.shouldYield(),
      onProgress: (bytes) => {
        gained += bytes;
        failingSince.delete(held);
      },
    };
    let outcome: Awaited<ReturnType<FileWork['settleFile']>>;
    try {
      const settleFile = (listed: ListedFile): Promise<typeof outcome> =>
        work.settleFile({ ...job.job, correlation_id: correlationId }, listed, controls);
      outcome = await settleFile(file);
      // A page of the listing stays as it is: an archive that was put right since is known by what was said of it later.
      const restated = isMislisted(outcome.fragment) ? await job.listing.restated(file, signal) : undefined;
      if (restated !== undefined) outcome = await settleFile(restated);
    } catch (error) {
      const isOld = now() - startedMs >= yieldAfterSeconds * 1000;
      if (!(error instanceof UploadYielded) || !isOld || !(await isTooSlow(job, file, gained, signal)))
        throw error;
      const detail = 'It gained no part between two times that its task was given back for its age.';
      outcome = { fragment: failedFragment(file, 'too_slow', detail), rows: [] };
    }
    await job.fragments.write(outcome.fragment, outcome.rows, signal);
    const { state: became, reason, entries, bytes, seconds } = outcome.fragment;
    const ordinal = file.ordinal;
    log.info('export_file_settled', {
      ...namesOf(held.task),
      ordinal,
      state: became,
      reason,
      entries,
      bytes,
      seconds,
    });
    waker.settled(job.job, 1);
  }

  /** Notes that the file's task is given back; the first time, and as long as it gains something, that is fine. */
  async function isTooSlow(
    job: JobState,
    file: ListedFile,
    gained: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const isFirst = await state.objects.create(job.keys.yielded(file.ordinal), '{"version":1}', signal);
    return !isFirst && gained === 0;
  }
}

function isMislisted({ reason }: Fragment): boolean {
  return reason === 'listing_size' || reason === 'listing_checksum';
}

/** Whether the failure ends the task's workflow. */
function isFinal(error: unknown): boolean {
  if (error instanceof ApplicationFailure) return error.nonRetryable === true;
  return error instanceof VachanError && !error.retryable;
}
