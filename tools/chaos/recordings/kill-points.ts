/** Log lines right after which a worker is killed: one between any two steps of a record's way. */
export const KILL_POINTS = [
  'messages_polled',
  'eligible_keys_resolved',
  'feature_build_completed',
  'inference_batch_completed',
  // The result is there, the CSV row not yet; then both, and the message not deleted; then deleted, not reported.
  'results_upserted',
  'results_csv_appended',
  'processed_items_acked',
  // In SQS, and neither the page's result nor the watermark say so; then the watermark.
  'enqueue_chunk_completed',
  'watermark_advanced',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** Passed only while there is something to discover. */
export const DISCOVERY_POINTS: readonly KillPoint[] = ['enqueue_chunk_completed', 'watermark_advanced'];
