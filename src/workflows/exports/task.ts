import {
  ApplicationFailure,
  condition,
  defineUpdate,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { FAILURES } from '../../contract/failures.js';
import {
  EXPORT_HANDLERS,
  NOT_HELD,
  describeClaimMismatch,
  type Claim,
  type ClaimAnswer,
  type TaskOutcome,
} from '../../pipelines/exports/contract/claim.js';
import { describeTaskMismatch } from '../../pipelines/exports/contract/task-input.js';
import type { ExportTaskInput } from '../../pipelines/exports/contract/workflow-inputs.js';
import { isHostLost } from '../shared/host-lost.js';
import { refuseExcess } from '../shared/invalid-input.js';
import { taskActivities } from './export-activities.js';

const claimUpdate = defineUpdate<ClaimAnswer, [Claim]>(EXPORT_HANDLERS.claim);

/** A claim starts this workflow, and comes with its first task. */
const CLAIM_WITHIN = '1 minute';

/**
 * Who works on a task: whoever claims it first. It lasts as long as that process has the task, so that at most one works
 * on a file whatever the queue delivers, and ends with it; another claim then starts another run.
 */
export async function exportTaskWorkflow(input: ExportTaskInput): Promise<{ outcome: TaskOutcome }> {
  let owner: Claim | undefined;
  let ended: ClaimAnswer | undefined;
  setHandler(
    claimUpdate,
    (claim) => {
      if (ended !== undefined) return ended;
      if (owner !== undefined) return 'busy';
      owner = claim;
      return 'run';
    },
    {
      validator: (claim: unknown, ...more: unknown[]) => {
        const mismatch = more.length > 0 ? 'claim takes one argument' : describeClaimMismatch(claim);
        if (mismatch !== undefined) throw new Error(mismatch);
      },
    },
  );
  refuseExcess(input);
  const { workflowId, workflowType } = workflowInfo();
  const mismatch = describeTaskMismatch(input, workflowId);
  if (mismatch !== undefined) {
    throw ApplicationFailure.nonRetryable(`${workflowType}: ${mismatch}`, FAILURES.invalidInput);
  }
  try {
    if (!(await condition(() => owner !== undefined, CLAIM_WITHIN))) return { outcome: 'unclaimed' };
    const { source, export_id, first_ordinal } = input;
    const { outcome } = await taskActivities(owner!).downloadTask({ source, export_id, first_ordinal });
    ended = outcome === 'settled' || outcome === 'cancelled' ? outcome : 'busy';
    return { outcome };
  } catch (error) {
    ended = isCancellation(error) ? 'cancelled' : 'busy';
    if (isHostLost(error, NOT_HELD)) return { outcome: 'host_lost' };
    throw error;
  }
}
