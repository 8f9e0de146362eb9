import type { SampledRecording } from '../../../../src/pipelines/recordings/review/sample-reader.js';
import type { ReviewSample } from '../../../../src/pipelines/recordings/review/sample-reader.js';
import type { VerdictRow } from '../../../../src/pipelines/recordings/review/verdicts/verdict-csv.js';
import { aRecording } from '../report/factories.js';

/** 64 digits that end in the number. */
export const idOf = (index: number): string => index.toString(16).padStart(64, '0');

export function aVerdict(index: number, changes: Partial<VerdictRow> = {}): VerdictRow {
  return {
    result_document_id: idOf(index),
    verdict: 'normal',
    sample: 'random',
    reviewed_at: '2025-12-21T09:00:00.000Z',
    ...changes,
  };
}

export function sampled(index: number, changes: Partial<SampledRecording> = {}): SampledRecording {
  return { ...aRecording({ id: idOf(index) }), sample: 'random', ...changes };
}

export function aSample(recordings: SampledRecording[], changes: Partial<ReviewSample> = {}): ReviewSample {
  const top = recordings.filter(({ sample }) => sample === 'top').length;
  return {
    recordings,
    top,
    random: recordings.length - top,
    results: recordings.length,
    models: [{ name: 'reading-audio', version: '0.1.0', recordings: recordings.length }],
    ...changes,
  };
}
