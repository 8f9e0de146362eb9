import {
  reach,
  recordingReader,
  type RecordingBatch,
  type RecordingDelivery,
  type ScoredStage,
} from '../../../../src/activities/recordings/recording-delivery.js';
import type { ExtractedAudio } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { holdBatch, type HeldBatch as Held } from '../../shared/activities/held-batch.js';
import { AUDIO, INFERENCE, recordingMessage } from '../results/deliveries.js';

export const EXTRACTED: ExtractedAudio = {
  features: new Float64Array([1, 2, 3]),
  audio: AUDIO,
  timingsMs: { decode: 5, features: 7 },
};

export interface HeldBatch extends Held<RecordingDelivery> {
  batch: RecordingBatch;
}

/** Messages `m0`, `m1`, … of distinct recordings, received once each. */
export function heldBatch(count = 2): HeldBatch {
  const { begin } = recordingReader('recording');
  return holdBatch(count, (arrived, index) =>
    begin(
      arrived,
      recordingMessage({ subject_id: `reading-${index}`, audio_s3_url: `s3://recordings/${index}.wav` }),
    ),
  );
}

/** Gives an item what the stages before the upsert would have given it. */
export function score(item: RecordingDelivery, of: Partial<ScoredStage> = {}): void {
  reach(item, { stage: 'scored', extracted: EXTRACTED, inference: INFERENCE, ...of });
}
