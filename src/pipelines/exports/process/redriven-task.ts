import type { ReceivedMessage } from '../../../queue/message-queue.js';
import type { Settlement } from '../../../queue/settle-message.js';
import type { DownloadTaskMessage } from '../contract/messages.js';
import type { ExportState } from '../state/job-state.js';
import type { StartJob } from './start-job.js';
import type { ExportsLogger } from '../log-events.js';

/** Says what becomes of a message all of whose files are settled. */
export type RedriveTask = (
  task: DownloadTaskMessage,
  message: Pick<ReceivedMessage, 'messageId' | 'sentAtMs'>,
  signal: AbortSignal,
) => Promise<Settlement>;

/** A job looks at its files at least once a minute. */
const WAIT_FOR_END_SECONDS = 120;

/**
 * The message of a task whose files were given up as dead letters has been redriven by a person: the job's next attempt
 * redoes them, as soon as this one has ended. Of any other task it is a duplicate; so is one that was sent before they
 * were given up: the job itself sends a task again whose message it finds nowhere, and that may lie in the dead letters.
 */
export function createRedrive(
  state: Pick<ExportState, 'of'>,
  startJob: StartJob,
  log: ExportsLogger,
): RedriveTask {
  const wait: Settlement = {
    message: 'release',
    delaySeconds: WAIT_FOR_END_SECONDS,
    outcome: 'waits_for_end',
  };
  const done: Settlement = { message: 'delete', outcome: 'settled' };
  return async (task, { messageId, sentAtMs = Infinity }, signal) => {
    const { source, export_id, files, correlation_id } = task;
    const job = state.of(task);
    let dead = false;
    for (const { ordinal } of files) {
      const fragment = await job.fragments.read(ordinal, signal);
      // A redriven message is a new one: SQS gives it the time at which it was moved.
      dead = fragment?.reason === 'dead_letter' && Date.parse(fragment.settled_at) < sentAtMs;
      if (dead) break;
    }
    if (!dead) return done;
    if ((await job.result(signal)) === undefined) {
      return wait;
    }
    const started = await startJob({
      ...{ source, export_id, correlation_id },
      ...{ force: true, message_id: messageId },
    });
    // Its workflow has yet to close.
    if (started === 'known') return wait;
    log.info('export_task_redriven', { source, export_id, correlation_id });
    return { message: 'delete', outcome: 'redriven' };
  };
}
