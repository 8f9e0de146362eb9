import type { ConsumedMessage } from '../../../queue/consumed-message.js';
import type { Settlement } from '../../../queue/settle-message.js';
import { retryDelaySeconds } from '../../../queue/retry-delay.js';
import { unlessAborted } from '../../../platform/time/abort.js';
import { wait } from '../../../platform/time/wait.js';
import type { DownloadTaskMessage } from '../contract/messages.js';
import { taskWorkflowId } from '../contract/job-ref.js';
import type { ExportState } from '../state/job-state.js';
import { createBigPlaces } from './big-places.js';
import type { ClaimTask } from './claim-task.js';
import type { HeldEnd, HeldTaskRegistry, TaskInHand } from './held-tasks.js';
import type { ExportsLogger } from '../log-events.js';
import type { RedriveTask } from './redriven-task.js';

export interface TasksHandlerOptions {
  state: Pick<ExportState, 'of'>;
  held: HeldTaskRegistry;
  claim: ClaimTask;
  isRunning: (task: DownloadTaskMessage) => Promise<boolean>;
  redrive: RedriveTask;
  /** Tasks at once, of any size. */
  places: number;
  log: ExportsLogger;
}

/** The owner of a task says every few seconds that it lives; one that died is known within its heartbeat timeout. */
const BUSY_SECONDS = 60;
/** A duplicate of a task that takes hours must not use up its deliveries: from so many on it waits twice as long each. */
const PATIENT_DELIVERIES = 4;
const LONGEST_BUSY_SECONDS = 3_600;

/** How often it is made sure that somebody will still come for a task that is held. */
const LOOK_EVERY_MS = 60_000;

/** After two hours without a dependency another process may do better, and this one has other work. */
const GAVE_UP = { baseSeconds: 60, maxSeconds: 900 };

/**
 * Works on the message of a download task until its files are settled: looks at the state, claims the task, and holds the message
 * while the activity that the claim has called for works here.
 */
export function createTasksHandler(
  options: TasksHandlerOptions,
): (consumed: ConsumedMessage<DownloadTaskMessage>) => Promise<Settlement> {
  const { state, held, claim, redrive, places } = options;
  const takeTurn = createBigPlaces(places);

  /** What the state says already; undefined where there is work. */
  async function known({
    message: task,
    received,
    signal,
  }: ConsumedMessage<DownloadTaskMessage>): Promise<Settlement | undefined> {
    const job = state.of(task);
    if (await job.isCancelled(signal)) return { message: 'delete', outcome: 'cancelled' };
    const ordinals = task.files.map(({ ordinal }) => ordinal);
    const settled = await job.fragments.among(ordinals, signal);
    if (settled.size < ordinals.length) return undefined;
    return redrive(task, received, signal);
  }

  async function claimAndHold(consumed: ConsumedMessage<DownloadTaskMessage>): Promise<Settlement> {
    const { message: task, received, signal, yieldSignal } = consumed;
    if (yieldSignal.aborted || signal.aborted) return settlementOf('yielded', 1);
    const workflowId = taskWorkflowId(task, task.first_ordinal);
    if (held.has(workflowId)) return busy(received.receiveCount);
    // Claimed before it has its turn: what waits here for hours must be known to be in somebody's hands.
    const inHand = held.hold(workflowId, consumed, () => takeTurn(task));
    try {
      const answer = await unlessAborted(claim(task, signal), signal);
      if (answer === 'busy') return busy(received.receiveCount);
      if (answer !== 'run') return { message: 'delete', outcome: answer };
      return settlementOf(await watched(inHand, task, options), received.receiveCount);
    } finally {
      inHand.finish('gave_up');
      await inHand.ended;
    }
  }

  return async (consumed) => {
    const early = await known(consumed);
    if (early !== undefined) return early;
    return claimAndHold(consumed);
  };
}

/** How the task ended, by the activity's word, or by Temporal's where the activity will not come (again). */
async function watched(
  inHand: TaskInHand,
  task: DownloadTaskMessage,
  { isRunning, log }: Pick<TasksHandlerOptions, 'isRunning' | 'log'>,
): Promise<HeldEnd> {
  const over = new AbortController();
  const watching = async (): Promise<void> => {
    for (;;) {
      await wait(LOOK_EVERY_MS, over.signal);
      try {
        if (await isRunning(task)) continue;
      } catch (error) {
        log.warn('dependency_unavailable', { error, next_try_ms: LOOK_EVERY_MS });
        continue;
      }
      inHand.finish('yielded');
    }
  };
  watching().catch(() => undefined);
  try {
    return await inHand.ended;
  } finally {
    over.abort();
  }
}

function settlementOf(end: HeldEnd, receiveCount: number): Settlement {
  switch (end) {
    case 'settled':
    case 'cancelled':
      return { message: 'delete', outcome: end };
    case 'gave_up':
      return { message: 'release', delaySeconds: retryDelaySeconds(receiveCount, GAVE_UP), outcome: end };
    case 'yielded':
    case 'lost':
      return { message: 'release', delaySeconds: 0, outcome: end };
  }
}

function busy(receiveCount: number): Settlement {
  const doublings = Math.max(0, receiveCount - PATIENT_DELIVERIES);
  const delaySeconds = Math.min(LONGEST_BUSY_SECONDS, BUSY_SECONDS * 2 ** doublings);
  return { message: 'release', delaySeconds, outcome: 'busy' };
}
