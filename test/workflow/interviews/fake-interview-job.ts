import { randomBytes, randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type {
  ChunkActivities,
  EndAttemptInput,
  HostActivities,
  JobActivities,
  PlaceActivities,
} from '../../../src/activities/interviews/activity-types.js';
import type { TellActivities } from '../../../src/activities/interviews/event-activity-types.js';
import { hostTaskQueue } from '../../../src/contract/names.js';
import {
  chunksTaskQueue,
  jobWorkflowId,
  workTaskQueue,
  WORKFLOW_TYPES,
} from '../../../src/pipelines/interviews/contract/names.js';
import type { interviewJobWorkflow } from '../../../src/workflows/interviews/job.js';
import { withWorkersOn } from '../workflow-environment.js';
import { untilCancelled } from './activity-answers.js';

export type InterviewActivities = JobActivities &
  PlaceActivities &
  HostActivities &
  ChunkActivities &
  TellActivities;

/** A job whose activities answer as a test says, and by themselves as if all went well. */
export class FakeInterviewJob {
  constructor(
    /** Time chunks of the video; 0 is not chunked. */
    readonly chunks = 0,
  ) {}

  readonly taskQueue = `vachan-${randomUUID()}`;
  readonly jobId = randomBytes(12).toString('hex');
  /** Names of the activities that were called, in order; `holdPlace` is left out. */
  readonly calls: string[] = [];
  readonly ended: EndAttemptInput[] = [];
  /** Attempts that were claimed. */
  claimed = 0;
  /** Gives the place back; undefined while none is held. */
  #giveBack: (() => void) | undefined;
  #given = Promise.resolve();

  get workflowId(): string {
    return jobWorkflowId(this.jobId);
  }

  activities(changes: Partial<InterviewActivities> = {}): InterviewActivities {
    const all: InterviewActivities = {
      awaitObject: () => Promise.resolve({ ready: true, attempts: this.claimed }),
      startJob: ({ attempt }) => {
        this.claimed = attempt;
        this.#given = new Promise((resolve) => (this.#giveBack = resolve));
        return Promise.resolve({
          host_task_queue: hostTaskQueue(this.taskQueue, 'here'),
          timeout_seconds: 3600,
          // Cancellation reaches an activity with a heartbeat, which the SDK holds back for most of this time.
          heartbeat_seconds: 1,
          etag: '"e1"',
          chunked: this.chunks > 0,
        });
      },
      holdPlace: () => Promise.race([this.#given, untilCancelled()]),
      passMedia: () => Promise.resolve({ hash: 'h', bytes: 1, chunks: 1 }),
      indexMedia: () => Promise.resolve({ hash: 'h', bytes: 1, chunks: this.chunks, sounds: true }),
      hearMedia: () => Promise.resolve({ hash: 'h', bytes: 1 }),
      sampleChunk: ({ k }) => Promise.resolve({ hash: `h${k}`, bytes: 1 }),
      storeResult: () => Promise.resolve({ result_id: 'r1' }),
      finishJob: () => {
        this.#giveBack?.();
        return Promise.resolve();
      },
      endAttempt: (input) => {
        this.ended.push(input);
        if (input.again === 'never') return Promise.resolve({ failed: true });
        return Promise.resolve({ retry_in_seconds: input.again === 'later' ? 0.05 : 0 });
      },
      failJob: () => Promise.resolve({ failed: true }),
      tellInterview: () => Promise.resolve(),
      ...changes,
    };
    const noted = Object.entries<(...args: never[]) => Promise<unknown>>(
      all as unknown as Record<string, (...args: never[]) => Promise<unknown>>,
    ).map(([name, activity]) => [
      name,
      (...args: never[]): Promise<unknown> => {
        if (name !== 'holdPlace') this.calls.push(name);
        return activity(...args);
      },
    ]);
    return Object.fromEntries(noted) as InterviewActivities;
  }

  /** How often the activity was called. */
  times(name: Exclude<keyof InterviewActivities, 'holdPlace'>): number {
    return this.calls.filter((call) => call === name).length;
  }

  /** Runs the workflow while workers listen on all of its task queues. */
  async run<T>(
    environment: TestWorkflowEnvironment,
    changes: Partial<InterviewActivities>,
    work: (handle: WorkflowHandle<typeof interviewJobWorkflow>) => Promise<T>,
  ): Promise<T> {
    const { taskQueue } = this;
    const queues = [
      taskQueue,
      workTaskQueue(taskQueue),
      chunksTaskQueue(taskQueue),
      hostTaskQueue(taskQueue, 'here'),
    ] as const;
    return withWorkersOn(environment, queues, this.activities(changes), async () =>
      work(
        await environment.client.workflow.start<typeof interviewJobWorkflow>(WORKFLOW_TYPES.job, {
          workflowId: this.workflowId,
          taskQueue,
          args: [{ job_id: this.jobId }],
        }),
      ),
    );
  }
}
