import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities, SweptInterviews } from '../../activities/interviews/sweep-activity-types.js';

const { sweepInterviews } = proxyActivities<SweepActivities>({
  // Thousands of jobs are looked at within two minutes; one try, since the next fire goes on with what is left.
  startToCloseTimeout: '8 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 1 },
});

/** What a Schedule starts every ten minutes: sets right what fell between two steps, such as a job whose workflow is gone. */
export async function interviewSweepWorkflow(): Promise<SweptInterviews> {
  return sweepInterviews();
}
