import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { DispatchProgress, JobPlan, Refusal } from '../../activities/exports/activity-types.js';
import type { ExportJobStatus, JobStage } from '../../pipelines/exports/contract/job-status.js';
import type { AlreadyDone, ExportResult } from '../../pipelines/exports/contract/result.js';
import { EXPORT_SEARCH_ATTRIBUTES } from '../../pipelines/exports/contract/search-attributes.js';
import { describeJob } from './details.js';

/** What of a job's run crosses continue-as-new. */
export interface JobRun {
  plan: JobPlan;
  stage: JobStage;
  /** Told by a person, of this job alone. */
  paused: boolean;
  source_paused: boolean;
  /** True once it was told to end with what is under way. */
  draining?: boolean;
  /** False while an earlier attempt is to be put aside. */
  begun: boolean;
  ready: boolean;
  listed: number;
  all_listed: boolean;
  progress: DispatchProgress;
  sent_again: number;
  looks: number;
  result?: ExportResult | AlreadyDone;
}

export function newJobRun(plan: JobPlan, begins: boolean): JobRun {
  return {
    plan,
    stage: 'checking',
    paused: false,
    source_paused: false,
    begun: !begins,
    ready: false,
    listed: 0,
    all_listed: false,
    progress: {
      settled: 0,
      dispatched: 0,
      outstanding: 0,
      open_files: 0,
      room: 0,
      sent_again: 0,
      source_paused: false,
    },
    sent_again: 0,
    looks: 0,
  };
}

/** Why a job ends before its files are all settled. */
export type EarlyEnd = { state: 'cancelled'; detail?: string } | ({ state: 'failed' } & Refusal);

export function isPaused({ paused, source_paused: sourcePaused }: JobRun): boolean {
  return paused || sourcePaused;
}

export function summarize(run: JobRun): ExportJobStatus {
  const { plan, stage, progress, listed, result } = run;
  return {
    status: statusOf(run),
    stage,
    source: plan.source,
    export_id: plan.export_id,
    attempt: plan.attempt,
    priority: plan.priority,
    correlation_id: plan.correlation_id,
    paused: isPaused(run),
    files: {
      listed,
      all_listed: run.all_listed,
      dispatched: progress.dispatched,
      settled: progress.settled,
    },
    tasks: {
      outstanding: progress.outstanding,
      undispatched: Math.max(0, listed - progress.dispatched),
      sent_again: run.sent_again,
    },
    looks: run.looks,
    started_at: plan.started_at,
    updated_at: new Date().toISOString(),
    ...(result !== undefined && { result }),
  };
}

function statusOf(run: JobRun): ExportJobStatus['status'] {
  const { result } = run;
  if (result === undefined) return isPaused(run) ? 'paused' : 'running';
  if (result.state === 'cancelled') return 'stopped';
  return result.state === 'failed' ? 'failed' : 'completed';
}

/** Shows a job in the Web UI, and lets it be found by how it stands. */
export function announce(run: JobRun): void {
  const { status, source, result } = summarize(run);
  upsertSearchAttributes([
    { key: EXPORT_SEARCH_ATTRIBUTES.source, value: source },
    { key: EXPORT_SEARCH_ATTRIBUTES.status, value: status },
    ...(result === undefined ? [] : [{ key: EXPORT_SEARCH_ATTRIBUTES.state, value: result.state }]),
  ]);
  show(run);
}

export function show(run: JobRun): void {
  setCurrentDetails(describeJob(summarize(run)));
}
