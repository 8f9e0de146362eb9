import { Counter, Histogram, type Registry } from 'prom-client';
import { BATCH_STAGE_SECONDS, RECORD_STAGE_SECONDS } from './buckets.js';

/** Stages of a batch, in order. */
export const BATCH_STAGES = [
  'receive',
  'screen',
  'download',
  'features',
  'score',
  'upsert',
  'acknowledge',
] as const;
export type BatchStage = (typeof BATCH_STAGES)[number];

/** Stages that are timed for each recording too. */
export const RECORD_STAGES = ['download', 'decode', 'features'] as const;
export type RecordStage = (typeof RECORD_STAGES)[number];

/** How long the stages take. */
export interface StageMetrics {
  /** One attempt at a stage of a whole batch. */
  batchStage(stage: BatchStage, seconds: number, result: 'ok' | 'failed'): void;
  recordStage(stage: RecordStage, seconds: number): void;
  /** A recording that was decoded. */
  addAudio(audio: { bytes: number; seconds: number }): void;
}

export function createStageMetrics(registry: Registry): StageMetrics {
  const registers = [registry];
  const batch = new Histogram({
    name: 'vachan_batch_stage_duration_seconds',
    help: 'One attempt at a stage of a whole batch; features includes decoding.',
    labelNames: ['stage', 'result'],
    buckets: BATCH_STAGE_SECONDS,
    registers,
  });
  const record = new Histogram({
    name: 'vachan_record_stage_duration_seconds',
    help: 'A stage of one recording; download includes its retries and its wait for a free connection.',
    labelNames: ['stage'],
    buckets: RECORD_STAGE_SECONDS,
    registers,
  });
  const bytes = new Counter({
    name: 'vachan_audio_bytes_total',
    help: 'Bytes of the recordings that were decoded.',
    registers,
  });
  const duration = new Counter({
    name: 'vachan_audio_seconds_total',
    help: 'Seconds of audio that were decoded.',
    registers,
  });
  return {
    batchStage: (stage, seconds, result) => batch.observe({ stage, result }, seconds),
    recordStage: (stage, seconds) => record.observe({ stage }, seconds),
    addAudio(audio) {
      bytes.inc(audio.bytes);
      duration.inc(audio.seconds);
    },
  };
}
