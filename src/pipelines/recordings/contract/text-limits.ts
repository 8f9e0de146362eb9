/** The most UTF-16 units of what recordings alone have; see `TEXT_LIMITS` of all pipelines. */
export const RECORDING_TEXT_LIMITS = {
  /** A MongoDB collection has at most 255 bytes, a Postgres table 63. */
  source_collection: 255,
  /** `वाचन` has 4. */
  subject_name: 256,
} as const;
