import { z } from 'zod';
import { BATCH_SIZE_BOUNDS } from './limits.js';
import { TEXT_LIMITS } from './text-limits.js';

export const queueUrlSchema = z.url().max(TEXT_LIMITS.queue_url);

/** Input of a batch's workflow: one batch of one queue. */
export const batchInputSchema = z.strictObject({
  queue_url: queueUrlSchema,
  batch_size: z.int().min(BATCH_SIZE_BOUNDS.min).max(BATCH_SIZE_BOUNDS.max),
});
export type BatchInput = z.infer<typeof batchInputSchema>;
