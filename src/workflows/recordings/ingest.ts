import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { IngestPlan } from '../../activities/recordings/activity-types.js';
import { queueName } from '../../platform/text/queue-name.js';
import { noOutcomes, type Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { RunStatus } from '../../contract/run-status.js';
import type { IngestInput } from '../../pipelines/recordings/contract/workflow-inputs.js';
import type { IngestSummary } from '../../pipelines/recordings/contract/workflow-results.js';
import { SEARCH_ATTRIBUTES } from '../../pipelines/recordings/contract/search-attributes.js';
import { preparationActivities } from './recording-activities.js';
import { describeIngest } from './details.js';
import { newDispatchState, type DispatchState } from '../shared/dispatch.js';
import { dispatchRecordings } from './dispatch-recordings.js';
import { continueAsNewIsDue } from '../shared/history.js';
import { carriedOver, refuseExcess, unwrapInvalidInput } from '../shared/invalid-input.js';
import { installRunControls, openStatus, type RunControls } from '../shared/run-controls.js';

/** What crosses continue-as-new. */
export interface CarriedIngest extends RunControls {
  plan: IngestPlan;
  dispatch: DispatchState<Outcome>;
  started_at: string;
}

/** Has a queue that others fill scored: until drained, or, with `until_empty`, until nothing is left. */
export async function ingestWorkflow(input: IngestInput, left?: CarriedIngest): Promise<IngestSummary> {
  const carried = carriedOver(left);
  if (carried === undefined) refuseExcess(input);
  let run = carried;
  const progress = { lanes: 0 };
  const controls = installRunControls(
    carried,
    (status) => run && summarize(run, status, progress.lanes),
    announce,
  );

  run ??= {
    plan: await unwrapInvalidInput(preparationActivities.prepareIngest(input)),
    dispatch: newDispatchState(noOutcomes()),
    started_at: new Date().toISOString(),
    ...controls,
  };
  const ingest = run;
  const { plan } = ingest;
  announce(summarize(ingest, openStatus(controls), 0));
  const end = await dispatchRecordings(ingest.dispatch, {
    queueUrl: plan.queue_url,
    subject: queueName(plan.queue_url),
    emptyConfirmSeconds: plan.empty_confirm_seconds,
    batchSize: () => plan.batch_size,
    maxConcurrency: () => plan.max_concurrency,
    paused: () => controls.paused,
    stopping: () => controls.draining || continueAsNewIsDue(plan.history_event_limit),
    endsWhenEmpty: () => plan.until_empty,
    onChange: (lanes) => {
      progress.lanes = lanes;
      setCurrentDetails(describeIngest(summarize(ingest, openStatus(controls), lanes)));
    },
  });
  await condition(allHandlersFinished);
  if (!controls.draining && end === 'stopped') {
    return continueAsNew<typeof ingestWorkflow>(input, { ...ingest, ...controls });
  }
  const summary = summarize(ingest, controls.draining ? 'stopped' : 'completed', 0);
  announce(summary);
  return summary;
}

function summarize(run: CarriedIngest, status: RunStatus, lanes: number): IngestSummary {
  return {
    status,
    queue_url: run.plan.queue_url,
    lanes,
    backlog: run.dispatch.backlog,
    ...run.dispatch.stats,
    started_at: run.started_at,
    updated_at: new Date().toISOString(),
  };
}

function announce(summary: IngestSummary): void {
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.queue, value: queueName(summary.queue_url) },
    { key: SEARCH_ATTRIBUTES.status, value: summary.status },
  ]);
  setCurrentDetails(describeIngest(summary));
}
