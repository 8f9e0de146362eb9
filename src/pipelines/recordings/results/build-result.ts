import { toUtcMidnight } from '../../../contract/dates.js';
import { storedAddress } from '../../../objects/address.js';
import { dedupeKey, resultDocumentId, type ResultIdBasis } from '../contract/identity.js';
import type { RecordingMessage } from '../contract/message.js';
import type { AudioFacts, Inference, ResultDocument } from '../contract/result-document.js';

/** How one delivery was processed. */
export interface ProcessingFacts {
  message_id: string;
  receive_count: number;
  workflow_id: string;
  batch_id: string;
  processed_at: Date;
  timings_ms: Record<string, number>;
}

export interface ResultParts {
  message: RecordingMessage;
  pipelineName: string;
  basis: ResultIdBasis;
  inference: Inference;
  /** Of a model that runs beside, where there is one. */
  inferenceShadow?: Inference;
  audio: AudioFacts;
  processing: ProcessingFacts;
}

/**
 * The result document of one recording. Its address is stored without the query string: a presigned URL's signature
 * is a secret. `created_at` holds for a new document only; the repository keeps an older one.
 */
export function buildResultDocument(parts: ResultParts): ResultDocument {
  const { message, processing } = parts;
  return {
    _id: resultDocumentId(message, parts.basis),
    dedupe_key: dedupeKey(message, parts.basis),
    pipeline_name: parts.pipelineName,
    source: {
      source_collection: message.source_collection,
      mongo_doc_id: message.mongo_doc_id,
      source_record_id: message.source_record_id ?? null,
      test_date: toUtcMidnight(message.test_date),
      record_type: message.record_type,
      subject_id: message.subject_id,
      subject_name: message.subject_name,
      audio_s3_url: storedAddress(message.audio_s3_url),
      source_updated_at: new Date(message.source_updated_at),
      subject_created_at: new Date(message.subject_created_at),
      student_id: message.student_id,
      udise: message.udise,
    },
    inference: parts.inference,
    ...(parts.inferenceShadow && { inference_shadow: parts.inferenceShadow }),
    audio: parts.audio,
    processing: {
      processing_status: 'completed',
      trace_id: message.trace_id,
      ...processing,
    },
    created_at: processing.processed_at,
    updated_at: processing.processed_at,
  };
}
