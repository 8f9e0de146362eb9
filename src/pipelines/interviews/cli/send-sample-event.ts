import { randomUUID } from 'node:crypto';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { webhookId } from '../../../webhook/event.js';
import { sendOnce } from '../../../webhook/send-once.js';
import { EVENT_TYPES, type InterviewEventType } from '../contract/event.js';
import { FILE_READY, JOB_STATUS, type InterviewJob } from '../contract/job.js';
import { endOf, failureOf } from '../events/event-of.js';
import type { InterviewsContext } from './context.js';

export interface WebhookTestOptions {
  type: InterviewEventType;
  json?: boolean;
}

/** Posts an event as an interview would send it. */
export async function sendSampleEvent(
  { terminal, now, readEnvironment }: InterviewsContext,
  { type, json }: WebhookTestOptions,
): Promise<ExitCode> {
  const job = sampleJob(type, now());
  const { data } = type === EVENT_TYPES.jobFailed ? failureOf(job) : endOf(job.interview_id, [job]);
  const event = { id: webhookId(randomUUID()), type, at: now(), data: { ...data, revision: 1, test: true } };
  const delivered = await sendOnce(readEnvironment(), event, terminal, json === true);
  return delivered ? EXIT.ok : EXIT.failed;
}

function sampleJob(type: InterviewEventType, at: Date): InterviewJob {
  const hasFailed = type !== EVENT_TYPES.completed;
  return {
    job_id: '0'.repeat(24),
    interview_id: 'webhook-test',
    interview_type: 'video',
    bucket: 'none',
    key: 'none',
    status: hasFailed ? JOB_STATUS.failed : JOB_STATUS.completed,
    data_process: FILE_READY.yes,
    created_at: at,
    updated_at: at,
    attempts: 1,
    run_id: null,
    revision: 1,
    ...(hasFailed
      ? { error_type: 'Test', error_message: 'A made-up failure.' }
      : { result_id: 'webhook-test' }),
  };
}
