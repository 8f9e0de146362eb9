/** The names of data contract §8: other programs filter and count by them. */
export const CONTRACT_LOG_EVENTS = [
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
  // worker
  'worker_started',
  'messages_polled',
  'message_buffered',
  'batch_dispatched',
  'batch_processing_started',
  'existing_results_checked',
  'eligible_keys_resolved',
  'inference_batch_started',
  'item_failed_pre_inference',
  'feature_build_completed',
  'inference_batch_completed',
  'results_upserted',
  'results_csv_appended',
  'processed_items_acked',
  'batch_skipped',
  'batch_processed',
  'message_malformed',
  'throughput',
  'worker_draining',
  'worker_stopped',
] as const;

/** What an operator also needs to see; nobody's filters depend on these names, so they may change. */
export const OPERATIONAL_LOG_EVENTS = [
  'configuration_invalid',
  'dependency_unavailable',
  'dependency_recovered',
  'health_changed',
  'temporal_sdk',
  'queue_call_failed',
  'queue_call_retried',
  'lease_extension_failed',
  'lease_receipts_lost',
  'lease_expired',
  'lease_release_failed',
  'download_retried',
  'decoder_restarted',
  'indexes_ensured',
  'backlinks_updated',
  'scratch_swept',
  'drain_timed_out',
  'unexpected_error',
] as const;

/** Every event a log line can carry: a typo in a name does not compile. */
export type LogEvent = (typeof CONTRACT_LOG_EVENTS)[number] | (typeof OPERATIONAL_LOG_EVENTS)[number];
