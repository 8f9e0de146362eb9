import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SweptDeadLetters, SweepActivities } from '../../activities/exports/sweep-dead-letters.js';
import type { UploadSweepActivities } from '../../activities/exports/sweep-uploads.js';
import { workTaskQueue } from '../../pipelines/exports/contract/names.js';

/** One try at each: the next fire goes on with what is left. */
const options = { heartbeatTimeout: '30 seconds', retry: { maximumAttempts: 1 } } as const;

/** What a Schedule starts every five minutes: files whose messages are dead letters are settled as such. */
export async function exportDeadLetterSweepWorkflow(): Promise<SweptDeadLetters> {
  // Thousands of messages are looked at within two minutes.
  const { sweepDeadLetters } = proxyActivities<SweepActivities>({
    ...options,
    startToCloseTimeout: '4 minutes',
  });
  return sweepDeadLetters();
}

/** What a Schedule starts every hour: uploads of jobs that nobody runs are aborted. @returns how many */
export async function exportUploadSweepWorkflow(): Promise<number> {
  const { sweepUploads } = proxyActivities<UploadSweepActivities>({
    ...options,
    // By a worker: orchestrators may not write where objects go.
    taskQueue: workTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '50 minutes',
  });
  return sweepUploads();
}
