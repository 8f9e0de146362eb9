import { z } from 'zod';
import { DEFAULT_SOURCE } from './job-ref.js';
import {
  correlationIdSchema,
  exportIdSchema,
  messageIdSchema,
  ordinalSchema,
  prioritySchema,
  sourceSchema,
} from './messages.js';

/** Input of `exportJobWorkflow`, whose workflow id is `jobWorkflowId` of the two first. */
export const exportJobInputSchema = z.strictObject({
  source: sourceSchema.default(DEFAULT_SOURCE),
  export_id: exportIdSchema,
  priority: prioritySchema.default('normal'),
  correlation_id: correlationIdSchema.optional(),
  /** Starts another attempt where the last one ended as `partial` or `cancelled`. */
  force: z.boolean().default(false),
  /** Of the message that asks for it: however often it is delivered, it begins one attempt at most. */
  message_id: messageIdSchema.optional(),
  /** Continue as new after so many history events. */
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type ExportJobInput = z.input<typeof exportJobInputSchema>;

/** Input of `exportTaskWorkflow`, whose workflow id is `taskWorkflowId` of the first three. */
export const exportTaskInputSchema = z.strictObject({
  source: sourceSchema,
  export_id: exportIdSchema,
  first_ordinal: ordinalSchema,
});
export type ExportTaskInput = z.infer<typeof exportTaskInputSchema>;
