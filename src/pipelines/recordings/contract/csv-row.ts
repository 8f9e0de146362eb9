/** The CSV's columns, in the contract's order. */
export const CSV_COLUMNS = [
  'result_document_id',
  'dedupe_key',
  'source_collection',
  'mongo_doc_id',
  'test_date',
  'record_type',
  'subject_id',
  'subject_name',
  'audio_s3_url',
  'source_updated_at',
  'subject_created_at',
  'student_id',
  'udise',
  'processing_status',
  'error',
  'is_anomaly',
  'anomaly_score',
  'prediction_label',
  'model_name',
  'model_version',
  'trace_id',
  'message_id',
  'receive_count',
  'processed_at',
] as const;
export type CsvColumn = (typeof CSV_COLUMNS)[number];

/** One delivery's row; `null` is an empty cell. */
export type CsvRow = Record<CsvColumn, string | number | boolean | null>;
