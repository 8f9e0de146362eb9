import { WorkflowExecutionAlreadyStartedError, defineSearchAttributeKey } from '@temporalio/common';
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { discoveryTitle } from '../../pipelines/recordings/contract/run-titles.js';
import type { NightlyInput } from '../../pipelines/recordings/contract/workflow-inputs.js';
import { preparationActivities } from './recording-activities.js';
import { refuseExcess, unwrapInvalidInput } from '../shared/invalid-input.js';
import type { discoveryWorkflow } from './discovery.js';

export interface NightlySummary {
  workflow_id: string;
  test_date: string;
  /** False when the date's discovery was already running, which is as good. */
  started: boolean;
}

/**
 * What a Schedule starts. A Schedule appends a timestamp to its workflows' ids; the discovery of a date has one fixed
 * id, which is what keeps two of them from running, so this one starts it and is done.
 */
export async function nightlyWorkflow(input: NightlyInput = {}): Promise<NightlySummary> {
  refuseExcess(input);
  const discovery = await unwrapInvalidInput(preparationActivities.prepareNight(input, scheduledStartTime()));
  const summary = { workflow_id: discovery.workflow_id, test_date: discovery.input.test_date };
  try {
    await startChild<typeof discoveryWorkflow>('discoveryWorkflow', {
      workflowId: discovery.workflow_id,
      args: [discovery.input],
      ...discoveryTitle(discovery.input, `\`${workflowInfo().workflowId}\``),
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
    return { ...summary, started: true };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { ...summary, started: false };
    throw error;
  }
}

const SCHEDULED_START = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** The instant the Schedule meant, also when the server was down and caught up later. */
function scheduledStartTime(): string {
  const { typedSearchAttributes, startTime } = workflowInfo();
  return (typedSearchAttributes.get(SCHEDULED_START) ?? startTime).toISOString();
}
