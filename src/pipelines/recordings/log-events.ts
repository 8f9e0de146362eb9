import type { BaseLogEvent } from '../../platform/logging/log-event.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { SecretWords } from '../../platform/logging/redactor.js';

/** Recordings' names of data contract §8: other programs filter and count by them. */
export const RECORDINGS_CONTRACT_LOG_EVENTS = [
  // discovery
  'state_run_started',
  'watermark_loaded',
  'watermark_missing',
  'discovery_run_started',
  'discovery_run_once_started',
  'discovery_page_fetch_started',
  'discovery_page_fetch_completed',
  'discovery_page_fetched',
  'discovery_candidates_resolved',
  'enqueue_chunk_started',
  'enqueue_chunk_completed',
  'enqueue_batch_failed',
  'watermark_advanced',
  'state_run_finished',
  // inference
  'batch_processing_started',
  'existing_results_checked',
  'eligible_keys_resolved',
  'inference_batch_started',
  'item_failed_pre_inference',
  'feature_build_completed',
  'inference_batch_completed',
  'results_upserted',
  'results_csv_appended',
  'batch_skipped',
] as const;

/** What an operator also needs to see; nobody's filters depend on these names, so they may change. */
export const RECORDINGS_OPERATIONAL_LOG_EVENTS = [
  'decoder_restarted',
  'native_kernels_refused',
  'shadow_model_failed',
  'model_changed',
  'model_refused',
  'drift_measured',
  'backlinks_updated',
  'source_row_unusable',
  'other_source_returned',
  'source_not_indexed',
  'rows_passed_over',
  'rows_passed_over_unknown',
  'late_rows_enqueued',
  'state_refused_older',
] as const;

export type RecordingsLogEvent =
  (typeof RECORDINGS_CONTRACT_LOG_EVENTS)[number] | (typeof RECORDINGS_OPERATIONAL_LOG_EVENTS)[number];

export type RecordingsLogger = Logger<BaseLogEvent | RecordingsLogEvent>;

/** A child is never named in a log; the dedupe key's first basis contains the student's id. */
export const RECORDINGS_SECRET_WORDS: SecretWords = {
  names: ['student_id', 'udise', 'udise_code'],
  lists: ['dedupe_key'],
};
