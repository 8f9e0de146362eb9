import { z } from 'zod';
import { recordTypeSchema } from './source-row.js';

export const PREDICTION_LABELS = ['normal', 'anomaly'] as const;

/** Why a score came out as it did: one feature, how far it was from the training readings, and in words. */
export const reasonSchema = z.object({
  feature: z.string(),
  /** Share of the score that the feature explains, with those that say the same, 0 to 1. */
  contribution: z.number(),
  /** Distance from the training mean in training standard deviations; the sign is the direction. */
  deviation: z.number(),
  description: z.string(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** What the model says of one recording. */
export const inferenceSchema = z.object({
  is_anomaly: z.boolean(),
  /** Higher is more anomalous; comparable within one model version only. */
  anomaly_score: z.number(),
  prediction_label: z.enum(PREDICTION_LABELS),
  threshold: z.number(),
  model_name: z.string(),
  model_version: z.string(),
  reasons: z.array(reasonSchema),
});
export type Inference = z.infer<typeof inferenceSchema>;

/** What the decoder saw: of the file, not of the resampled signal. */
export const audioSchema = z.object({
  duration_seconds: z.number(),
  codec: z.string(),
  /** Hertz. */
  sample_rate: z.number().int(),
  channels: z.number().int(),
  bytes: z.number().int(),
});
export type AudioFacts = z.infer<typeof audioSchema>;

export const resultDocumentSchema = z.object({
  _id: z.string().regex(/^[0-9a-f]{64}$/),
  dedupe_key: z.string(),
  pipeline_name: z.string(),
  source: z.object({
    source_collection: z.string(),
    mongo_doc_id: z.string(),
    source_record_id: z.string().nullable(),
    test_date: z.date(),
    record_type: recordTypeSchema,
    subject_id: z.string(),
    subject_name: z.string(),
    audio_s3_url: z.string(),
    source_updated_at: z.date(),
    subject_created_at: z.date(),
    student_id: z.string().nullable(),
    udise: z.string().nullable(),
  }),
  inference: inferenceSchema,
  /** What a second model says, with SHADOW_MODEL_PATH; it decides nothing. */
  inference_shadow: inferenceSchema.optional(),
  audio: audioSchema,
  processing: z.object({
    processing_status: z.literal('completed'),
    trace_id: z.string(),
    message_id: z.string(),
    receive_count: z.number().int(),
    workflow_id: z.string(),
    batch_id: z.string(),
    processed_at: z.date(),
    timings_ms: z.record(z.string(), z.number()),
  }),
  created_at: z.date(),
  updated_at: z.date(),
});
export type ResultDocument = z.infer<typeof resultDocumentSchema>;
