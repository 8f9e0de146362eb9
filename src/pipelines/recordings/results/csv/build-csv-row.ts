import type { CsvRow } from '../../contract/csv-row.js';
import { storedAddress } from '../../../../objects/address.js';
import { dedupeKey, resultDocumentId, type ResultIdBasis } from '../../contract/identity.js';
import type { RecordingMessage } from '../../contract/message.js';
import { OUTCOME_RULES, type Outcome } from '../../contract/outcome.js';
import type { Inference } from '../../contract/result-document.js';
import { InvalidInput } from '../../../../platform/errors.js';

/** One delivery that reached an outcome. */
export interface DeliveryOutcome {
  message: RecordingMessage;
  basis: ResultIdBasis;
  outcome: Outcome;
  /** `<error class>: <message>` of a failure; null otherwise. */
  error: string | null;
  /** Of `completed` only. */
  inference: Inference | null;
  message_id: string;
  receive_count: number;
  processed_at: Date;
}

/**
 * The CSV row of one delivery. The address goes in without its query string: a presigned URL's signature is a secret.
 *
 * @throws InvalidInput for an outcome that has no row
 */
export function buildCsvRow(delivery: DeliveryOutcome): CsvRow {
  const { message, basis, inference } = delivery;
  if (!OUTCOME_RULES[delivery.outcome].csvRow) {
    throw new InvalidInput(`The outcome ${delivery.outcome} has no CSV row.`);
  }
  return {
    result_document_id: resultDocumentId(message, basis),
    dedupe_key: dedupeKey(message, basis),
    source_collection: message.source_collection,
    mongo_doc_id: message.mongo_doc_id,
    test_date: message.test_date,
    record_type: message.record_type,
    subject_id: message.subject_id,
    subject_name: message.subject_name,
    audio_s3_url: storedAddress(message.audio_s3_url),
    source_updated_at: message.source_updated_at,
    subject_created_at: message.subject_created_at,
    student_id: message.student_id,
    udise: message.udise,
    processing_status: delivery.outcome,
    error: delivery.error,
    is_anomaly: inference?.is_anomaly ?? null,
    anomaly_score: inference?.anomaly_score ?? null,
    prediction_label: inference?.prediction_label ?? null,
    model_name: inference?.model_name ?? null,
    model_version: inference?.model_version ?? null,
    trace_id: message.trace_id,
    message_id: delivery.message_id,
    receive_count: delivery.receive_count,
    processed_at: delivery.processed_at.toISOString(),
  };
}
