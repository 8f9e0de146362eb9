import { Histogram, type Registry } from 'prom-client';
import { BATCH_STAGE_SECONDS, RECORD_STAGE_SECONDS } from './buckets.js';

/** How long stages take; their names are the pipeline's. */
export interface StageMetrics {
  /** One attempt at a stage of a whole batch. */
  batchStage(stage: string, seconds: number, result: 'ok' | 'failed'): void;
  /** A stage of one record. */
  recordStage(stage: string, seconds: number): void;
}

/** @returns what times a pipeline's stages */
export function createStageMetrics(registry: Registry): (pipeline: string) => StageMetrics {
  const registers = [registry];
  const batch = new Histogram({
    name: 'vachan_batch_stage_duration_seconds',
    help: 'One attempt at a stage of a whole batch.',
    labelNames: ['pipeline', 'stage', 'result'],
    buckets: BATCH_STAGE_SECONDS,
    registers,
  });
  const record = new Histogram({
    name: 'vachan_record_stage_duration_seconds',
    help: 'A stage of one record; a download includes its retries and its wait for a free connection.',
    labelNames: ['pipeline', 'stage'],
    buckets: RECORD_STAGE_SECONDS,
    registers,
  });
  return (pipeline) => ({
    batchStage: (stage, seconds, result) => batch.observe({ pipeline, stage, result }, seconds),
    recordStage: (stage, seconds) => record.observe({ pipeline, stage }, seconds),
  });
}
