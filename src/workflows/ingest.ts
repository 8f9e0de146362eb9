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
  let run = carried;
  const steering = { paused: carried?.paused ?? false, draining: carried?.draining ?? false };
  const progress = { lanes: 0 };
  const currentStatus = (): RunStatus =>
    steering.draining ? 'draining' : steering.paused ? 'paused' : 'running';
  const steer = (change: Partial<typeof steering>) => () => {
    Object.assign(steering, change);
    if (run !== undefined) announce(summarize(run, currentStatus(), progress.lanes));
  };
  setHandler(pauseSignal, steer({ paused: true }));
  setHandler(resumeSignal, steer({ paused: false }));
  setHandler(drainSignal, steer({ draining: true }));
  setHandler(statusQuery, () => {
    if (run === undefined) throw new Error('The run is being prepared; ask again in a moment.');
    return summarize(run, currentStatus(), progress.lanes);
  });

  run ??= {
    plan: await prepared(preparation.prepareIngest(input)),
    dispatch: newDispatchState(),
    started_at: new Date().toISOString(),
    ...steering,
  };
  const ingest = run;
  const { plan } = ingest;
  announce(summarize(ingest, currentStatus(), 0));
  const end = await dispatch(ingest.dispatch, {
    queueUrl: plan.queue_url,
    batchIdPrefix: batchIdPrefix(queueName(plan.queue_url)),
    emptyConfirmSeconds: plan.empty_confirm_seconds,
    batchSize: () => plan.batch_size,
    maxConcurrency: () => plan.max_concurrency,
    paused: () => steering.paused,
    stopping: () => steering.draining || continueAsNewIsDue(plan.history_event_limit),
    endsWhenEmpty: () => plan.until_empty,
    onChange: (lanes) => {
      progress.lanes = lanes;
      setCurrentDetails(describeIngest(summarize(ingest, currentStatus(), lanes)));
    },
  });
  await condition(allHandlersFinished);
  if (!steering.draining && end === 'stopped') {
    return continueAsNew<typeof ingestWorkflow>(input, { ...ingest, ...steering });
  }
  const summary = summarize(ingest, steering.draining ? 'stopped' : 'completed', 0);
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
