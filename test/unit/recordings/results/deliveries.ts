import type { CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import {
  buildMessage,
  type RecordingMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';
import type { AudioFacts, Inference } from '../../../../src/pipelines/recordings/contract/result-document.js';
import {
  buildCsvRow,
  type DeliveryOutcome,
} from '../../../../src/pipelines/recordings/results/csv/build-csv-row.js';

export const INFERENCE: Inference = {
  is_anomaly: true,
  anomaly_score: -1.5,
  prediction_label: 'anomaly',
  threshold: -2,
  model_name: 'reading-audio',
  model_version: '1.0.0',
  reasons: [],
};

export const AUDIO: AudioFacts = {
  duration_seconds: 3.5,
  codec: 'pcm_s16le',
  sample_rate: 16_000,
  channels: 1,
  bytes: 112_044,
};

export function recordingMessage(overrides: Partial<RecordingMessage> = {}): RecordingMessage {
  const built = buildMessage(
    {
      source_collection: 'student_assessment_record',
      mongo_doc_id: 'doc-1',
      test_date: '2025-12-20',
      record_type: 'teacher_record',
      subject_id: 'reading',
      subject_name: 'वाचन',
      audio_s3_url: 'https://bucket.s3.amazonaws.com/a.wav?X-Amz-Signature=secret',
      source_updated_at: '2025-12-20T04:00:00.000Z',
      subject_created_at: '2025-12-20T04:00:00.000Z',
      student_id: 'student-1',
      udise: null,
    },
    'trace-1',
    new Date('2025-12-20T20:00:00.000Z'),
  );
  return { ...built, ...overrides };
}

export function delivery(overrides: Partial<DeliveryOutcome> = {}): DeliveryOutcome {
  return {
    message: recordingMessage(),
    basis: 'recording',
    outcome: 'completed',
    error: null,
    inference: INFERENCE,
    message_id: 'message-1',
    receive_count: 1,
    processed_at: new Date('2025-12-20T20:00:05.000Z'),
    ...overrides,
  };
}

/** Rows of distinct deliveries. */
export function csvRows(count: number, prefix = 'message'): CsvRow[] {
  return Array.from({ length: count }, (_, i) => buildCsvRow(delivery({ message_id: `${prefix}-${i}` })));
}
