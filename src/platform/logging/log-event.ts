/** The base's names of data contract §8: other programs filter and count by them. */
export const BASE_CONTRACT_LOG_EVENTS = [
  'worker_started',
  'messages_polled',
  'message_buffered',
  'batch_dispatched',
  'processed_items_acked',
  'batch_processed',
  'message_malformed',
  'throughput',
  'worker_draining',
  'worker_stopped',
] as const;

/** What an operator also needs to see; nobody's filters depend on these names, so they may change. */
export const BASE_OPERATIONAL_LOG_EVENTS = [
  'configuration_invalid',
  'dependency_unavailable',
  'temporal_sdk',
  'lease_extension_failed',
  'lease_receipts_lost',
  'lease_expired',
  'lease_release_failed',
  'scratch_swept',
  'scratch_sweep_failed',
  'drain_timed_out',
  'give_back_timed_out',
  'http_restarted',
  'stop_forced',
  'activity_failed',
  'message_ignored',
  'message_failed',
  'malformed_not_moved',
  'trace_export_failed',
  'backlog_publish_failed',
  'node_version_discouraged',
  'codec_server_started',
  'codec_request_refused',
  'worker_clock_differs',
  'worker_failed',
  'worker_heartbeats_missing',
  'webhook_delivered',
  'webhook_failed',
  'webhook_undelivered',
  'webhook_endpoint_disabled',
  'unexpected_error',
] as const;

/** Events of the base rooms; a pipeline has a list of its own for its own. */
export type BaseLogEvent =
  (typeof BASE_CONTRACT_LOG_EVENTS)[number] | (typeof BASE_OPERATIONAL_LOG_EVENTS)[number];
