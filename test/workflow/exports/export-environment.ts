import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type {
  ApiActivities,
  DispatchInput,
  JobActivities,
  JobPlan,
  JoinInput,
  TaskActivities,
  WorkActivities,
} from '../../../src/activities/exports/activity-types.js';
import { jobWorkflowId } from '../../../src/pipelines/exports/contract/job-ref.js';
import { apiTaskQueue, workTaskQueue } from '../../../src/pipelines/exports/contract/names.js';
import { EXPORT_SEARCH_ATTRIBUTES } from '../../../src/pipelines/exports/contract/search-attributes.js';
import type { ExportResult } from '../../../src/pipelines/exports/contract/result.js';
import { PIPELINES, searchAttributesOf } from '../../../src/pipelines/index.js';
import { addSearchAttributes } from '../../../src/temporal/ensure-search-attributes.js';
import type { exportJobWorkflow } from '../../../src/workflows/exports/job.js';
import { createWorkflowEnvironment, workflowBundle } from '../workflow-environment.js';

export type ExportActivities = JobActivities & ApiActivities & WorkActivities & TaskActivities;

export async function createExportEnvironment(): Promise<TestWorkflowEnvironment> {
  const environment = await createWorkflowEnvironment();
  const known = searchAttributesOf(PIPELINES);
  const names = Object.values(EXPORT_SEARCH_ATTRIBUTES).map(({ name }) => name);
  await addSearchAttributes(
    environment.client,
    names.filter((name) => !known.includes(name)),
  );
  return environment;
}

export function exportResult(changes: Partial<ExportResult> = {}): ExportResult {
  return {
    version: 1,
    source: 'default',
    export_id: 'exp-1',
    attempt: 1,
    correlation_id: 'c-1',
    state: 'succeeded',
    started_at: '2026-11-27T10:00:00.000Z',
    finished_at: '2026-11-27T10:01:00.000Z',
    files: { listed: 0, settled: 0, failed: 0 },
    entries: { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0, missing: 0 },
    bytes: { zip_total: 0, downloaded: 0, inflated: 0, uploaded: 0 },
    rejected_by_reason: {},
    durations: { total: 60, download: 0, inflate: 0, upload: 0 },
    manifest_key: 'm',
    rejects_key: 'r',
    missing_key: 'x',
    ...changes,
  };
}

/** An export of numbered files of one task each, whose tasks a test settles, behind the activities' interface. */
export class FakeExport {
  readonly taskQueue = `vachan-${randomUUID()}`;
  readonly exportId = `exp-${randomUUID()}`;
  /** Names of the activities that were called, in order. */
  readonly calls: string[] = [];
  readonly dispatches: DispatchInput[] = [];
  readonly joins: JoinInput[] = [];
  listed = 0;
  settled = 0;
  sent = 0;
  sourcePaused = false;
  /** Called when tasks are sent; by default they are settled at once. */
  onSent: (fake: FakeExport) => void = (fake) => {
    fake.settled = fake.sent;
  };

  constructor(
    readonly files: number,
    /** Tasks that may be out at once. */
    readonly most = 8,
    readonly pageSize = 1_000,
  ) {}

  get workflowId(): string {
    return jobWorkflowId({ source: 'default', export_id: this.exportId });
  }

  plan(changes: Partial<JobPlan> = {}): JobPlan {
    return {
      source: 'default',
      export_id: this.exportId,
      attempt: 1,
      priority: 'normal',
      correlation_id: 'c-1',
      started_at: '2026-11-27T10:00:00.000Z',
      ready_by: '2026-11-28T10:00:00.000Z',
      history_event_limit: 1_500,
      acknowledges: true,
      ...changes,
    };
  }

  activities(changes: Partial<ExportActivities> = {}): ExportActivities {
    const all: ExportActivities = {
      checkJob: () => Promise.resolve({ plan: this.plan(), begins: false }),
      beginAttempt: () => Promise.resolve(),
      awaitReady: () => Promise.resolve({ ready: {} }),
      listPages: () => {
        this.listed = Math.min(this.files, this.listed + this.pageSize);
        return Promise.resolve({ listed: this.listed, all_listed: this.listed === this.files });
      },
      dispatchTasks: (input) => {
        this.dispatches.push(input);
        const outstanding = this.sent - this.settled;
        const settled = this.settled;
        const fresh =
          input.paused || this.sourcePaused ? 0 : Math.min(this.most - outstanding, input.listed - this.sent);
        this.sent += fresh;
        if (fresh > 0) this.onSent(this);
        return Promise.resolve({
          settled,
          dispatched: this.sent,
          outstanding: outstanding + fresh,
          open_files: outstanding + fresh,
          room: this.most - outstanding - fresh,
          sent_again: 0,
          source_paused: this.sourcePaused,
        });
      },
      stopTasks: () => Promise.resolve({ still_running: 0 }),
      setSourcePaused: (_source, paused) => {
        this.sourcePaused = paused;
        return Promise.resolve();
      },
      joinResult: (input) => {
        this.joins.push(input);
        const { ended } = input;
        return Promise.resolve(
          exportResult({
            export_id: this.exportId,
            files: { listed: this.files, settled: this.settled, failed: 0 },
            ...(ended !== undefined && ended),
          }),
        );
      },
      abortUploads: () => Promise.resolve(0),
      acknowledge: () => Promise.resolve(),
      downloadTask: () => Promise.resolve({ outcome: 'settled' }),
      ...changes,
    };
    return Object.fromEntries(
      Object.entries(all).map(([name, activity]) => [
        name,
        (...args: unknown[]) => {
          this.calls.push(name);
          return (activity as (...args: unknown[]) => unknown)(...args);
        },
      ]),
    ) as unknown as ExportActivities;
  }

  start(environment: TestWorkflowEnvironment, workflowId = this.workflowId) {
    return environment.client.workflow.start<typeof exportJobWorkflow>('exportJobWorkflow', {
      taskQueue: this.taskQueue,
      workflowId,
      args: [{ export_id: this.exportId }],
    });
  }
}

/** Runs workflows and activities on all task queues of an installation, and on these, until the work is done. */
export async function withExportWorkers<T>(
  environment: TestWorkflowEnvironment,
  { taskQueue }: { taskQueue: string },
  activities: ExportActivities,
  work: () => Promise<T>,
  hostQueues: readonly string[] = [],
): Promise<T> {
  const queues = [taskQueue, apiTaskQueue(taskQueue), workTaskQueue(taskQueue), ...hostQueues];
  const workers = await Promise.all(
    queues.map((queue) =>
      Worker.create({
        connection: environment.nativeConnection,
        taskQueue: queue,
        // A cancellation is told with the answer to a heartbeat.
        maxHeartbeatThrottleInterval: 500,
        activities,
        ...(queue === taskQueue && { workflowBundle }),
      }),
    ),
  );
  return workers.reduce((inner: () => Promise<T>, worker) => () => worker.runUntil(inner), work)();
}

export type JobHandle = WorkflowHandle<typeof exportJobWorkflow>;

/** Starts a job, and works with it until that is done. */
export async function withJob<T>(
  environment: TestWorkflowEnvironment,
  fake: FakeExport,
  work: (handle: JobHandle) => Promise<T>,
  changes: Parameters<FakeExport['activities']>[0] = {},
): Promise<T> {
  return withExportWorkers(environment, fake, fake.activities(changes), async () =>
    work(await fake.start(environment)),
  );
}
