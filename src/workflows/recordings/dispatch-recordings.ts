import { queueName } from '../../platform/text/queue-name.js';
import { WORKFLOW_TYPES } from '../../pipelines/recordings/contract/names.js';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import { batchIdPrefix, runChildBatch } from '../shared/child-batch.js';
import { dispatch, type DispatchControls, type DispatchEnd, type DispatchState } from '../shared/dispatch.js';
import { orchestratorActivities } from './recording-activities.js';

export interface RecordingDispatch extends Omit<DispatchControls<Outcome>, 'measure' | 'startBatch'> {
  queueUrl: string;
  /** What the run is about: stands in the workflow ids of its batches. */
  subject: string;
}

/** Keeps batches of recordings of one queue going. */
export function dispatchRecordings(
  state: DispatchState<Outcome>,
  { queueUrl, subject, ...controls }: RecordingDispatch,
): Promise<DispatchEnd> {
  const idPrefix = batchIdPrefix('inference', subject);
  return dispatch(state, {
    ...controls,
    measure: () =>
      orchestratorActivities.measureBacklog({
        queue_url: queueUrl,
        max_concurrency: controls.maxConcurrency(),
      }),
    startBatch: (number, batchSize) =>
      runChildBatch<Outcome>({
        workflowType: WORKFLOW_TYPES.inference,
        idPrefix,
        number,
        input: { queue_url: queueUrl, batch_size: batchSize },
        summary: `Batch ${number} of ${queueName(queueUrl)}, up to ${batchSize} recordings`,
      }),
  });
}
