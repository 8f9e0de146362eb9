import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';

export const TEST_DATE = '2025-12-20';

/** 64 digits that end in the number. */
export const resultId = (index: number): string => index.toString(16).padStart(64, '0');

/** What a test names of a result; the rest of it is as a worker writes it. */
export interface ResultSeed {
  collection: string;
  index: number;
  score: number;
  address?: string;
  testDate?: string;
  at?: Date;
  /** `threshold` decides whether it is an anomaly. */
  inference: Partial<ResultDocument['inference']> & { threshold: number };
}

/** A result as it is stored. */
export function storedResult({
  collection,
  index,
  score,
  address = `s3://nowhere/child-${index}.wav`,
  testDate = TEST_DATE,
  at = new Date('2025-12-20T13:30:00.000Z'),
  inference,
}: ResultSeed): ResultDocument {
  const isAnomaly = score > inference.threshold;
  return {
    _id: resultId(index),
    dedupe_key: `["student-${index}"]`,
    pipeline_name: 'audio_anomaly',
    source: {
      source_collection: collection,
      mongo_doc_id: `document-${index}`,
      source_record_id: null,
      test_date: new Date(`${testDate}T00:00:00Z`),
      record_type: 'teacher_record',
      subject_id: '1',
      subject_name: 'वाचन',
      audio_s3_url: address,
      source_updated_at: at,
      subject_created_at: at,
      student_id: `student-${index}`,
      udise: '27010100101',
    },
    inference: {
      is_anomaly: isAnomaly,
      anomaly_score: score,
      prediction_label: isAnomaly ? 'anomaly' : 'normal',
      model_name: 'reading-audio',
      model_version: '0.1.0',
      reasons: [{ feature: 'rms_mean', contribution: 0.7, deviation: -4, description: 'clearly quieter' }],
      ...inference,
    },
    audio: { duration_seconds: 10, codec: 'pcm_s16le', sample_rate: 16_000, channels: 1, bytes: 320_044 },
    processing: {
      processing_status: 'completed',
      trace_id: 't',
      message_id: 'm',
      receive_count: 1,
      workflow_id: 'w',
      batch_id: 'b',
      processed_at: at,
      timings_ms: {},
    },
    created_at: at,
    updated_at: at,
  };
}
