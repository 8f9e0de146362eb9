import { proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import { FAILURES } from '#vachan/contract/failures.js';
import { statusQuery } from '#vachan/workflows/shared/handlers.js';
import { unwrapInvalidInput } from '#vachan/workflows/shared/invalid-input.js';
import type { ToyActivities } from './activities.js';
import type { NumberInput, NumberSummary, Total } from './contract.js';

const activities = proxyActivities<ToyActivities>({
  // Both stages ask a database at the most, within its own time limits.
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '30 seconds',
  retry: { maximumInterval: '30 seconds', nonRetryableErrorTypes: [FAILURES.invalidInput] },
});

/** A number: squared, stored, done. */
export async function toyNumberWorkflow(input: NumberInput): Promise<NumberSummary> {
  const summary: NumberSummary = {
    status: 'running',
    number: input.number,
    square: null,
    started_at: workflowInfo().startTime.toISOString(),
    updated_at: workflowInfo().startTime.toISOString(),
  };
  setHandler(statusQuery, () => summary);
  const square = await unwrapInvalidInput(activities.square(input));
  await activities.store(input.number, square);
  return Object.assign(summary, { status: 'completed', square, updated_at: new Date().toISOString() });
}

/** What the Schedule starts. */
export async function toyTotalWorkflow(): Promise<Total> {
  return activities.addUp();
}
