import type { WaitingEvent, WebhookTry } from '../../contract/webhook.js';
import type { InterviewInput } from '../../pipelines/interviews/contract/workflow-inputs.js';

/** How an interview stands: counts and hashes only, since it goes into a history. */
export interface InterviewLook {
  /**
   * `gone`: the job is not there any more. `open`: jobs are still to end. `ended`: all have, and it is not told yet.
   * `told`: there is an event that says so.
   */
  stage: 'gone' | 'open' | 'ended' | 'told';
  jobs: { open: number; ended: number };
  /** Which jobs have ended how; the same as long as nothing changes. */
  state: string;
  /** How long `state` must last before it is told; 0 where as many jobs have ended as are expected. */
  settle_seconds: number;
  /** Events to be delivered. */
  waiting: readonly WaitingEvent[];
}

/** On the orchestrators' own task queue. */
export interface InterviewEventActivities {
  /** Reads the interview's jobs, and records an event for each failed one that was not told. */
  lookAtInterview(input: InterviewInput): Promise<InterviewLook>;
  /** Records that the interview has ended, if its jobs are still in that state. */
  recordOutcome(input: InterviewInput & { state: string }): Promise<InterviewLook>;
  /** Makes one try to deliver an event. */
  sendEvent(input: { event_id: string }): Promise<WebhookTry>;
}

/** On any task queue of the pipeline, for the workflow of a job that has ended. */
export interface TellActivities {
  /** Starts `interviewWorkflow`, or signals it where it runs. */
  tellInterview(input: InterviewInput): Promise<void>;
}
