import type { BaseLogEvent } from '../../platform/logging/log-event.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { SecretWords } from '../../platform/logging/redactor.js';

/** What an operator sees of interviews, beside the base's events. */
export const INTERVIEWS_LOG_EVENTS = [
  'interview_job_claimed',
  'interview_job_completed',
  'interview_job_rescheduled',
  'interview_job_failed',
  'interview_job_superseded',
  'interview_jobs_swept',
  'interview_jobs_polled',
  'memory_constrained',
  'media_process_lost',
  'interview_indexes_missing',
] as const;

export type InterviewsLogEvent = (typeof INTERVIEWS_LOG_EVENTS)[number];
export type InterviewsLogger = Logger<BaseLogEvent | InterviewsLogEvent>;

/** What stands on every line of this pipeline: operators search for it. */
export const LOG_COMPONENT = { component: 'queue_processor' } as const;

/** An interview's id leads to a person; transcripts and samples are what the person said and did. */
export const INTERVIEWS_SECRET_WORDS: SecretWords = {
  names: ['interview_id', 'key', 'object_key', 'transcript', 'questions'],
  lists: ['interview_ids', 'keys', 'samples', 'segments', 'key_points'],
};
