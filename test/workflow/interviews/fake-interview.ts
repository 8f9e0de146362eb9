import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type {
  InterviewEventActivities,
  InterviewLook,
} from '../../../src/activities/interviews/event-activity-types.js';
import type { WebhookTry } from '../../../src/contract/webhook.js';
import { interviewWorkflowId } from '../../../src/pipelines/interviews/contract/names.js';
import type { interviewWorkflow } from '../../../src/workflows/interviews/interview.js';
import { workflowBundle } from '../workflow-environment.js';

const JOB = { job_id: 'a'.repeat(24) };

/** An interview behind the activities' interface, as its database would tell of it. */
export class FakeInterview {
  constructor(readonly environment: TestWorkflowEnvironment) {}

  readonly taskQueue = `vachan-${randomUUID()}`;
  readonly workflowId = interviewWorkflowId(randomUUID().replaceAll('-', ''));
  readonly calls: string[] = [];
  /** Of the jobs: those that are open, and which have ended how. */
  open = 0;
  state = 's1';
  settleSeconds = 30;
  gone = false;
  /** States that are told. */
  readonly told = new Set<string>();
  /** Events that wait to be delivered; each state has one. */
  waiting: string[] = [];
  /** Until the next try of each, as the database has it. */
  readonly waits = new Map<string, number>();
  /** What the receiver does, try by try; at the end it takes everything. */
  answers: WebhookTry[] = [];
  onRecord: () => void = () => undefined;

  look(): InterviewLook {
    const stage = this.gone ? 'gone' : this.open > 0 ? 'open' : this.told.has(this.state) ? 'told' : 'ended';
    return {
      stage,
      jobs: { open: this.open, ended: 1 },
      state: this.state,
      settle_seconds: this.settleSeconds,
      waiting: this.waiting.map((event_id) => ({ event_id, wait_ms: this.waits.get(event_id) ?? 0 })),
    };
  }

  activities(changes: Partial<InterviewEventActivities> = {}): InterviewEventActivities {
    return {
      lookAtInterview: () => {
        this.calls.push('look');
        return Promise.resolve(this.look());
      },
      recordOutcome: ({ state }) => {
        this.onRecord();
        this.calls.push(`record ${state}`);
        if (state === this.state && this.open === 0 && !this.told.has(state)) {
          this.told.add(state);
          this.waiting = [state];
        }
        return Promise.resolve(this.look());
      },
      sendEvent: ({ event_id }) => {
        this.calls.push(`send ${event_id}`);
        if (!this.waiting.includes(event_id)) return Promise.resolve({ outcome: 'dropped' });
        const answer: WebhookTry = this.answers.shift() ?? { outcome: 'delivered' };
        if (answer.outcome === 'failed') this.waits.set(event_id, answer.wait_ms);
        else this.waiting = this.waiting.filter((id) => id !== event_id);
        return Promise.resolve(answer);
      },
      ...changes,
    };
  }

  tell(): Promise<WorkflowHandle<typeof interviewWorkflow>> {
    return this.environment.client.workflow.signalWithStart('interviewWorkflow', {
      workflowId: this.workflowId,
      taskQueue: this.taskQueue,
      args: [JOB],
      signal: 'jobEnded',
      signalArgs: [JOB],
    });
  }

  async during<T>(work: () => Promise<T>, changes: Partial<InterviewEventActivities> = {}): Promise<T> {
    const worker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue: this.taskQueue,
      activities: this.activities(changes),
      workflowBundle,
      maxHeartbeatThrottleInterval: 500,
    });
    return worker.runUntil(work);
  }

  /** Tells it, and waits until its workflow has ended. */
  run(changes: Partial<InterviewEventActivities> = {}) {
    return this.during(async () => (await this.tell()).result(), changes);
  }

  get sent(): string[] {
    return this.calls.filter((call) => call.startsWith('send'));
  }
}

/** A try that failed, after which the next is to be made in so many seconds. */
export const failed = (seconds: number): WebhookTry => ({ outcome: 'failed', wait_ms: seconds * 1000 });
