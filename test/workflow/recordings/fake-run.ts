import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { ReceiveActivities } from '../../../src/activities/shared/activity-types.js';
import type {
  DiscoverPageResult,
  DiscoveryPlan,
  RecordingHostActivities,
  OrchestratorActivities,
  SaveStateInput,
} from '../../../src/activities/recordings/activity-types.js';
import { inferenceTaskQueue } from '../../../src/pipelines/recordings/contract/names.js';
import { noOutcomes } from '../../../src/pipelines/recordings/contract/outcome.js';
import type { inferenceWorkflow } from '../../../src/workflows/recordings/inference.js';
import { withWorkersOn } from '../workflow-environment.js';

/** Where the stand-in host of a task queue's batches listens. */
export const hostQueueOf = (taskQueue: string): string => `${taskQueue}-host`;

/** Stand-ins for everything that does I/O; a test replaces the ones it is about. */
export interface FakeActivities extends OrchestratorActivities, ReceiveActivities, RecordingHostActivities {}

export function discoveryPlan(changes: Partial<DiscoveryPlan> = {}): DiscoveryPlan {
  return {
    source_collection: 'student_assessment_record',
    test_date: '2025-12-20',
    subject_name: 'वाचन',
    mode: 'backfill',
    queue_url: 'http://localhost:4566/000000000000/recordings',
    await_queue: true,
    lookback_seconds: 300,
    empty_confirm_seconds: 60,
    limits: {
      max_concurrency: 4,
      max_records: null,
      discovery_batch_size: 100,
      batch_size: 100,
      poll_interval_seconds: 30,
    },
    watermark: null,
    history_event_limit: null,
    ...changes,
  };
}

/** A source of numbered rows and a queue of counts, behind the activities' interface. */
export class FakeRun {
  readonly pages: { after: number; limit: number }[] = [];
  readonly saved: SaveStateInput[] = [];
  waiting = 0;
  inferenceWorkers = 1;
  /** Batches that all of these take at once; undefined where they do not say. */
  places: number | undefined;
  readonly received: number[] = [];
  /** Whether the host says that it runs stages in one activity, as those of older versions do not. */
  joinsStages = false;
  /** The same of all stages. */
  joinsAll = false;
  readonly taskQueue = `vachan-${randomUUID()}`;
  readonly #held = new Map<string, number>();

  constructor(
    readonly rows: number,
    readonly plan: DiscoveryPlan = discoveryPlan(),
  ) {}

  activities(changes: Partial<FakeActivities> = {}): FakeActivities {
    return {
      prepareDiscovery: () => Promise.resolve(this.plan),
      prepareIngest: () =>
        Promise.resolve({
          queue_url: this.plan.queue_url,
          empty_confirm_seconds: 60,
          max_concurrency: 4,
          batch_size: this.plan.limits.batch_size,
          until_empty: true,
          history_event_limit: this.plan.history_event_limit,
        }),
      prepareNight: () => Promise.reject(new Error('not part of this test')),
      discoverPage: ({ after, limit }) => Promise.resolve(this.#discoverPage(after, limit)),
      discoverLate: () => Promise.resolve({ enqueued: 0 }),
      saveState: (state) => {
        this.saved.push(state);
        return Promise.resolve();
      },
      measureDrift: () => Promise.resolve(null),
      measureBacklog: () =>
        Promise.resolve({
          visible: this.waiting,
          in_flight: 0,
          delayed: 0,
          inference_workers: this.inferenceWorkers,
          ...(this.places !== undefined && { places: this.places }),
        }),
      receiveBatch: (input, { batch_id }) => {
        const { batch_size } = input as { batch_size: number };
        const received = Math.min(batch_size, this.waiting);
        this.waiting -= received;
        this.received.push(received);
        this.#held.set(batch_id, received);
        return Promise.resolve({
          host_task_queue: hostQueueOf(this.taskQueue),
          received,
          malformed: 0,
          ...(this.joinsStages && { joins_stages: true }),
          ...(this.joinsAll && { joins_all: true }),
        });
      },
      screenBatch: ({ batch_id }) => Promise.resolve({ remaining: this.#held.get(batch_id) ?? 0 }),
      downloadAudio: ({ batch_id }) => Promise.resolve({ remaining: this.#held.get(batch_id) ?? 0 }),
      extractFeatures: ({ batch_id }) => Promise.resolve({ remaining: this.#held.get(batch_id) ?? 0 }),
      runInference: ({ batch_id }) => Promise.resolve({ remaining: this.#held.get(batch_id) ?? 0 }),
      scoreBatch: ({ batch_id }) =>
        Promise.resolve({
          remaining: this.#held.get(batch_id) ?? 0,
          timings_ms: { screen: 1, download: 2, features: 3, inference: 4 },
        }),
      processBatch: ({ batch_id }) =>
        Promise.resolve({
          outcomes: { ...noOutcomes(), completed: this.#held.get(batch_id) ?? 0 },
          failures: { AudioNotFound: 1 },
          returned: 0,
          timings_ms: { screen: 1, download: 2, features: 3, inference: 4, upsert: 5, acknowledge: 6 },
        }),
      upsertResults: () => Promise.resolve({ remaining: 0 }),
      acknowledge: ({ batch_id }) =>
        Promise.resolve({
          outcomes: { ...noOutcomes(), completed: this.#held.get(batch_id) ?? 0 },
          failures: { AudioNotFound: 1 },
          returned: 0,
        }),
      releaseBatch: () => Promise.resolve(),
      ...changes,
    };
  }

  #discoverPage(after: DiscoveryPlan['watermark'], limit: number): DiscoverPageResult {
    const from = after === null ? 0 : Number(after.last_processed_doc_id) + 1;
    const to = Math.min(this.rows, from + limit);
    this.pages.push({ after: from, limit });
    this.waiting += to - from;
    return {
      watermark: to === from ? after : rowWatermark(to - 1),
      discovered: to - from,
      enqueued: to - from,
      existing: 0,
      exhausted: to === this.rows,
    };
  }
}

export function rowWatermark(row: number): NonNullable<DiscoveryPlan['watermark']> {
  return {
    last_processed_timestamp: new Date(Date.UTC(2025, 11, 20, 10, 0, row)).toISOString(),
    last_processed_doc_id: String(row),
    last_processed_subject_id: 's',
    last_processed_record_type: 'teacher_record',
  };
}

/** Runs workflows with the given activities on all three kinds of task queue until the work is done. */
export function withWorkers<T>(
  environment: TestWorkflowEnvironment,
  taskQueue: string,
  activities: FakeActivities,
  work: () => Promise<T>,
  { inference = true, bundle }: { inference?: boolean; bundle?: WorkflowBundleOption } = {},
): Promise<T> {
  const others = inference ? [inferenceTaskQueue(taskQueue), hostQueueOf(taskQueue)] : [];
  return withWorkersOn(environment, [taskQueue, ...others], activities, work, bundle);
}

/** A run with one batch of 40 in the queue, and a note of every stage that ran. */
export function oneBatch(changes: Partial<FakeActivities> = {}): {
  fake: FakeRun;
  stages: string[];
  activities: FakeActivities;
} {
  const fake = new FakeRun(0);
  fake.waiting = 40;
  const stages: string[] = [];
  const noted = Object.fromEntries(
    Object.entries(fake.activities(changes)).map(([name, activity]) => [
      name,
      (...args: unknown[]) => {
        stages.push(name);
        return (activity as (...args: unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  ) as unknown as FakeActivities;
  return { fake, stages, activities: noted };
}

/** Starts the batch that {@link oneBatch} made. */
export function startBatch(
  environment: TestWorkflowEnvironment,
  fake: FakeRun,
): Promise<WorkflowHandle<typeof inferenceWorkflow>> {
  return environment.client.workflow.start<typeof inferenceWorkflow>('inferenceWorkflow', {
    taskQueue: fake.taskQueue,
    workflowId: `inference:${randomUUID()}`,
    args: [{ queue_url: fake.plan.queue_url, batch_size: 100 }],
  });
}
