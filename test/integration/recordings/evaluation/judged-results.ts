import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';

export const TEST_DATE = '2025-12-20';
export const COLLECTION = 'judged_recordings';

/** The id of the result of this number. */
export const resultId = (index: number): string => index.toString(16).padStart(64, '0');

/** A stored result with this score; above the threshold it is an anomaly. */
export function aScoredResult(
  index: number,
  score: number,
  inference: Partial<ResultDocument['inference']> = {},
): ResultDocument {
  const at = new Date('2025-12-20T13:30:00.000Z');
  const threshold = inference.threshold ?? 1;
  return {
    _id: resultId(index),
    dedupe_key: `["student-${index}"]`,
    pipeline_name: 'audio_anomaly',
    source: {
      source_collection: COLLECTION,
      mongo_doc_id: `document-${index}`,
      source_record_id: null,
      test_date: new Date(`${TEST_DATE}T00:00:00Z`),
      record_type: 'teacher_record',
      subject_id: '1',
      subject_name: 'वाचन',
      audio_s3_url: `s3://nowhere/child-${index}.wav`,
      source_updated_at: at,
      subject_created_at: at,
      student_id: `student-${index}`,
      udise: '27010100101',
    },
    inference: {
      is_anomaly: score > threshold,
      anomaly_score: score,
      prediction_label: score > threshold ? 'anomaly' : 'normal',
      threshold,
      model_name: 'reading-audio',
      model_version: '0.3.0',
      reasons: [{ feature: 'rms_mean', contribution: 1, deviation: -4, description: 'clearly quieter' }],
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
