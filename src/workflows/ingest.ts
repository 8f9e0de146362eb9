import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { IngestPlan } from '../activities/activity-types.js';
import { queueName } from '../contract/names.js';
import type { RunStatus } from '../contract/state-document.js';
import type { IngestInput } from '../contract/workflow-inputs.js';
import type { IngestSummary } from '../contract/workflow-results.js';
import { SEARCH_ATTRIBUTES } from '../temporal/search-attributes.js';
import { preparation } from './activity-options.js';
import { describeIngest } from './details.js';
import { batchIdPrefix, dispatch, newDispatchState, type DispatchState } from './dispatch.js';
import { drainSignal, pauseSignal, resumeSignal, statusQuery } from './handlers.js';
import { continueAsNewIsDue } from './history.js';
import { prepared } from './invalid-input.js';

/** What crosses continue-as-new. */
export interface CarriedIngest {
  plan: IngestPlan;
  dispatch: DispatchState;
  started_at: string;
  paused: boolean;
  draining: boolean;
}

/** Has a queue that others fill scored: until drained, or, with `until_empty`, until nothing is left. */
export async function ingestWorkflow(input: IngestInput, carried?: CarriedIngest): Promise<IngestSummary> {
  const run: CarriedIngest = carried ?? {
    plan: await prepared(preparation.prepareIngest(input)),
    dispatch: newDispatchState(),
    started_at: new Date().toISOString(),
    paused: false,
    draining: false,
  };
  const { plan } = run;
  let lanes = 0;

  const summarize = (status: RunStatus): IngestSummary => ({
    status,
    queue_url: plan.queue_url,
    lanes,
    backlog: run.dispatch.backlog,
    ...run.dispatch.stats,
    started_at: run.started_at,
    updated_at: new Date().toISOString(),
  });
  const currentStatus = (): RunStatus => (run.draining ? 'draining' : run.paused ? 'paused' : 'running');
  const show = (status = currentStatus()): void => setCurrentDetails(describeIngest(summarize(status)));
  const announce = (status: RunStatus): void => {
    upsertSearchAttributes([
      { key: SEARCH_ATTRIBUTES.queue, value: queueName(plan.queue_url) },
      { key: SEARCH_ATTRIBUTES.status, value: status },
    ]);
    show(status);
  };

  setHandler(statusQuery, () => summarize(currentStatus()));
  setHandler(pauseSignal, () => {
    run.paused = true;
    announce(currentStatus());
  });
  setHandler(resumeSignal, () => {
    run.paused = false;
    announce(currentStatus());
  });
  setHandler(drainSignal, () => {
    run.draining = true;
    announce(currentStatus());
  });

  announce(currentStatus());
  const end = await dispatch(run.dispatch, {
    queueUrl: plan.queue_url,
    batchIdPrefix: batchIdPrefix(queueName(plan.queue_url)),
    emptyConfirmSeconds: plan.empty_confirm_seconds,
    batchSize: () => plan.batch_size,
    maxConcurrency: () => plan.max_concurrency,
    paused: () => run.paused,
    stopping: () => run.draining || continueAsNewIsDue(plan.history_event_limit),
    endsWhenEmpty: () => plan.until_empty,
    onChange: (count) => {
      lanes = count;
      show();
    },
  });
  await condition(allHandlersFinished);
  if (!run.draining && end === 'stopped') return continueAsNew<typeof ingestWorkflow>(input, run);
  const status = run.draining ? 'stopped' : 'completed';
  announce(status);
  return summarize(status);
}
