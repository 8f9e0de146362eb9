import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { sendableJson } from '../../contract/sendable-json.js';
import { taskWorkflowId, type JobRef } from '../../pipelines/exports/contract/job-ref.js';
import type { ListedFile } from '../../pipelines/exports/contract/listed-file.js';
import type { DownloadTaskMessage } from '../../pipelines/exports/contract/messages.js';
import { PRIORITIES, type Priority } from '../../pipelines/exports/contract/priority.js';
import { namesOf, type ExportsLogger } from '../../pipelines/exports/log-events.js';
import { failedFragment } from '../../pipelines/exports/state/failed-fragment.js';
import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';
import { packsOf } from '../../pipelines/exports/state/packs.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import { fifoIds } from '../../queue/fifo-ids.js';
import type { MessageQueue, OutgoingMessage } from '../../queue/message-queue.js';
import type { JobActivities, JobPlan } from './activity-types.js';
import { mostOutstanding, type Capacity } from './capacity.js';
import {
  openFiles,
  readDispatch,
  readSettled,
  writeDispatch,
  type DispatchState,
  type OutTask,
  type Settled,
} from './dispatch-state.js';
import { findLost } from './lost-tasks.js';
import { watchArrivals } from './task-arrivals.js';
import type { TaskRuns } from './task-runs.js';

export interface DispatchDependencies {
  state: Pick<ExportState, 'of' | 'objects' | 'isPaused'>;
  queueFor: (priority: Priority) => Pick<MessageQueue, 'send' | 'depth'>;
  /** Whether tasks of a priority share the queue of normal ones, so that only its listing comes first. */
  isShared?: (priority: Priority) => boolean;
  capacity: () => Promise<Capacity>;
  runs: Pick<TaskRuns, 'isRunning'>;
  /** Tasks of all jobs that run. @throws DependencyUnavailable */
  runningTasks: () => Promise<number>;
  visibilityTimeoutSeconds: number;
  /** Told how many files of a job wait to be sent, for the metric by which workers are scaled. */
  onUndispatched?: (job: JobRef, files: number) => void;
  /** Told how many tasks were sent. */
  onSent?: (tasks: number) => void;
  log: ExportsLogger;
  now?: () => number;
}

/** Looks at what is settled, sends the tasks that there is room for, and sends again those that were lost. */
export function createDispatchActivity(
  dependencies: DispatchDependencies,
): Pick<JobActivities, 'dispatchTasks'> {
  const { state, queueFor, capacity, runs, visibilityTimeoutSeconds, log, now = Date.now } = dependencies;
  /** Each task that runs has one message in somebody's hands, in whichever queue; both numbers lag by seconds, and looks follow. */
  const isAnyUnclaimed = async (): Promise<boolean> => {
    const queues = [...new Set(PRIORITIES.map((priority) => queueFor(priority)))];
    const [running, ...depths] = await Promise.all([
      dependencies.runningTasks(),
      ...queues.map((queue) => queue.depth()),
    ]);
    return depths.reduce((sum, { in_flight: held }) => sum + held, 0) > running;
  };
  const cameThrough = watchArrivals();
  return {
    async dispatchTasks({ plan, listed, paused }) {
      const signal = Context.current().cancellationSignal;
      const job = state.of(plan);
      const queue = queueFor(plan.priority);
      const dispatch = await readDispatch(state.objects, job, plan.attempt, signal);
      const before = JSON.stringify(dispatch);
      const settled = await readSettled(job, dispatch.from, signal);
      dispatch.from = settled.from;
      for (const task of dispatch.tasks) {
        if (openFiles(task, settled).length === 0) cameThrough.note(queue, task);
      }
      dispatch.tasks = dispatch.tasks.filter((task) => openFiles(task, settled).length > 0);

      const lost = await findLost(plan, dispatch.tasks, {
        depth: () => queue.depth(),
        cameThroughMs: cameThrough.latestMs(queue),
        runs,
        isAnyUnclaimed,
        visibilityTimeoutMs: visibilityTimeoutSeconds * 1000,
        now: now(),
      });
      for (const task of lost.givenUp) await giveUp(job, task, settled, signal);
      dispatch.tasks = dispatch.tasks.filter((task) => !lost.givenUp.includes(task));

      const [most, sourcePaused] = await Promise.all([
        capacity().then(mostOutstanding),
        state.isPaused(plan.source, signal),
      ]);
      const room = Math.max(0, most - dispatch.tasks.length);
      const fresh =
        paused || sourcePaused ? [] : await nextPacks(job, dispatch, { settled, listed, room, signal });
      const again = await Promise.all(lost.again.map((task) => filesOf(job, task, signal)));
      const sentAt = new Date(now()).toISOString();
      await send(queue, plan, [...again, ...fresh], { sentAt, signal });
      for (const task of lost.again) {
        Object.assign(task, { sent_at: sentAt, again: task.again + 1 });
        delete task.quiet_since;
        delete task.empty_since;
      }
      for (const files of fresh) {
        dispatch.tasks.push({
          first: files[0]!.ordinal,
          last: files.at(-1)!.ordinal,
          sent_at: sentAt,
          again: 0,
        });
      }

      if (JSON.stringify(dispatch) !== before) await writeDispatch(state.objects, job, dispatch, signal);
      const isFirst = fresh[0]?.[0]?.ordinal === 0;
      if (isFirst && plan.priority !== 'normal' && dependencies.isShared?.(plan.priority) === true) {
        log.info('export_priority_without_queue', { ...namesOf(plan), priority: plan.priority });
      }
      if (fresh.length > 0) {
        log.info('export_tasks_dispatched', {
          ...namesOf(plan),
          tasks: fresh.length,
          outstanding: dispatch.tasks.length,
        });
      }
      if (again.length + lost.givenUp.length > 0) {
        log.warn('export_task_sent_again', {
          ...namesOf(plan),
          tasks: again.length,
          given_up: lost.givenUp.length,
        });
      }
      const undispatched = Math.max(0, listed - dispatch.next);
      dependencies.onUndispatched?.(plan, undispatched);
      dependencies.onSent?.(again.length + fresh.length);
      return {
        settled: settled.from + settled.beyond.size,
        dispatched: dispatch.next,
        outstanding: dispatch.tasks.length,
        open_files: dispatch.tasks.reduce((sum, task) => sum + openFiles(task, settled).length, 0),
        room: Math.max(0, most - dispatch.tasks.length),
        sent_again: again.length,
        source_paused: sourcePaused,
      };
    },
  };
}

interface Room {
  settled: Settled;
  listed: number;
  /** Tasks that may be sent. */
  room: number;
  signal: AbortSignal;
}

/** The packs that follow, of which some file is open; moves the dispatch on behind them. */
async function nextPacks(
  job: JobState,
  dispatch: DispatchState,
  { settled, listed, room, signal }: Room,
): Promise<ListedFile[][]> {
  const packs: ListedFile[][] = [];
  while (packs.length < room && dispatch.next < listed) {
    const page = await job.listing.readPage(dispatch.page, signal);
    if (page === undefined) break;
    // Of a pack that an earlier build had cut elsewhere, what it has not sent.
    const { next } = dispatch;
    const rest = packsOf(page).map((pack) => pack.filter(({ ordinal }) => ordinal >= next));
    for (const pack of rest.filter(({ length }) => length > 0)) {
      if (packs.length === room) return packs;
      dispatch.next = pack.at(-1)!.ordinal + 1;
      if (pack.some(({ ordinal }) => !settled.has(ordinal))) packs.push(pack);
    }
    dispatch.page = page.at(-1)!.ordinal + 1;
  }
  return packs;
}

async function filesOf(job: JobState, { first, last }: OutTask, signal: AbortSignal): Promise<ListedFile[]> {
  const page = (await job.listing.findPage(first, signal)) ?? [];
  return page.filter(({ ordinal }) => ordinal >= first && ordinal <= last);
}

async function giveUp(job: JobState, task: OutTask, settled: Settled, signal: AbortSignal): Promise<void> {
  const open = new Set(openFiles(task, settled));
  const detail = `Its task was sent ${task.again + 1} times, and none of them arrived.`;
  for (const file of (await filesOf(job, task, signal)).filter(({ ordinal }) => open.has(ordinal))) {
    await job.fragments.write(failedFragment(file, 'task_lost', detail), [], signal);
  }
}

/** @throws DependencyUnavailable when not all were sent: what was is sent twice, which a claim notices */
async function send(
  queue: Pick<MessageQueue, 'send'>,
  plan: JobPlan,
  packs: readonly ListedFile[][],
  { sentAt, signal }: { sentAt: string; signal: AbortSignal },
): Promise<void> {
  if (packs.length === 0) return;
  const { failed } = await queue.send(
    packs.map((files) => messageOf(plan, files, sentAt)),
    signal,
  );
  const [first] = failed;
  if (first === undefined) return;
  throw new DependencyUnavailable(
    `SQS refused ${failed.length} of ${packs.length} download tasks: ${first.code}: ${first.reason}`,
  );
}

function messageOf(plan: JobPlan, files: readonly ListedFile[], sentAt: string): OutgoingMessage {
  const { source, export_id: exportId, correlation_id: correlationId } = plan;
  const firstOrdinal = files[0]!.ordinal;
  const message: DownloadTaskMessage = {
    version: 1,
    source,
    export_id: exportId,
    first_ordinal: firstOrdinal,
    files: files.map(({ ordinal, file_id: id, size }) => ({
      ordinal,
      file_id: id,
      ...(size !== undefined && { size }),
    })),
    correlation_id: correlationId,
    dispatched_at: sentAt,
  };
  // One group for each job, and an id that tells one sending from the next.
  const groupId = createHash('sha256').update(`${source}:${exportId}`).digest('hex');
  return { body: sendableJson(message), ...fifoIds(groupId, [taskWorkflowId(plan, firstOrdinal)], sentAt) };
}
