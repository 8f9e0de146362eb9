import type { Inference, ResultDocument } from '../contract/result-document.js';
import type { ReportedRecording } from './run-results.js';

/** What a page shows of a recording, and no more: neither the child nor the school leaves the database. */
export const SHOWN = {
  'source.record_type': 1,
  'source.audio_s3_url': 1,
  'inference.anomaly_score': 1,
  'inference.threshold': 1,
  'inference.is_anomaly': 1,
  'inference.reasons': 1,
  audio: 1,
  'processing.processed_at': 1,
} as const;

/** What is read of a result; documents of the Python worker have neither threshold nor reasons. */
type Shown = Pick<ResultDocument, '_id' | 'source' | 'audio' | 'processing'> & {
  inference: Omit<Inference, 'threshold' | 'reasons'> & Partial<Pick<Inference, 'threshold' | 'reasons'>>;
};

/** A result as a page shows it. */
export function reportedRecording({ _id, source, inference, audio, processing }: Shown): ReportedRecording {
  return {
    id: _id,
    recordType: source.record_type,
    score: inference.anomaly_score,
    threshold: inference.threshold ?? null,
    isAnomaly: inference.is_anomaly,
    reasons: inference.reasons ?? [],
    audio: audio,
    processedAt: processing.processed_at,
    address: source.audio_s3_url,
  };
}
