import type { BaseLogEvent } from '../../platform/logging/log-event.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { SecretWords } from '../../platform/logging/redactor.js';

/** What an operator sees of exports, beside the base's events. */
export const EXPORTS_LOG_EVENTS = [
  'export_job_started',
  'export_job_known',
  'export_job_ended',
  'export_files_listed',
  'export_tasks_dispatched',
  'export_task_sent_again',
  'export_task_redriven',
  'export_file_settled',
  'export_task_yielded',
  'export_dead_letters_swept',
  'export_priority_without_queue',
  'export_api_breaker',
  'export_uploads_swept',
] as const;

export type ExportsLogEvent = (typeof EXPORTS_LOG_EVENTS)[number];
export type ExportsLogger = Logger<BaseLogEvent | ExportsLogEvent>;

/** Links carry their signature; names of files and entries may be anybody's data. */
export const EXPORTS_SECRET_WORDS: SecretWords = {
  names: [
    'download_url',
    'link_url',
    'access_token',
    'client_secret',
    'entry_name',
    'file_name',
    'target_key',
  ],
  lists: ['entry_names', 'file_names'],
};

/** What every line about a job says, in both services. */
export function namesOf({
  source,
  export_id,
  correlation_id,
}: {
  source: string;
  export_id: string;
  correlation_id: string;
}): Record<'source' | 'export_id' | 'correlation_id', string> {
  return { source, export_id, correlation_id };
}
