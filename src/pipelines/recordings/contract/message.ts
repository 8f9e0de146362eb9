import { z } from 'zod';
import { isoMillisSchema } from '../../../contract/dates.js';
import { describeIssues } from '../../../contract/issues.js';
import { sendableJson } from '../../../contract/sendable-json.js';
import { TEXT_LIMITS } from '../../../contract/text-limits.js';
import type { ReadMessage, ReadResult } from '../../../queue/read-messages.js';
import { openBody } from './message-forms.js';
import { sourceRowSchema, type SourceRow } from './source-row.js';

/** One SQS message: a source row, and who sent it when. Unknown fields are kept out, not refused. */
export const messageSchema = sourceRowSchema.extend({
  trace_id: z.string().min(1).max(TEXT_LIMITS.trace_id),
  discovered_at: isoMillisSchema,
});
export type RecordingMessage = z.infer<typeof messageSchema>;

/**
 * Reads a message body: the contract's, or another producer's spelling of it (any ISO-8601 instant, a byte order
 * mark, ids as whole numbers, no `udise`), bare or in an envelope of SNS or EventBridge.
 *
 * The reason names fields and expectations only, never a value: a malformed body may hold anything.
 */
export function parseMessage(body: string): ReadResult<RecordingMessage> {
  const opened = openBody(body);
  if (opened.notice !== undefined) return { ok: false, notice: opened.notice };
  if (opened.reason !== undefined) return { ok: false, reason: opened.reason };
  const parsed = messageSchema.safeParse(opened.fields);
  if (parsed.success) return { ok: true, message: parsed.data };
  return { ok: false, reason: describeIssues(parsed.error) };
}

/** As {@link parseMessage}, of a delivery. */
export const readRecording: ReadMessage<RecordingMessage> = ({ body }) => parseMessage(body);

/** Builds the message of a row; key order is the contract's, so bodies are comparable byte by byte. */
export function buildMessage(row: SourceRow, traceId: string, discoveredAt: Date): RecordingMessage {
  return messageSchema.parse({ ...row, trace_id: traceId, discovered_at: discoveredAt.toISOString() });
}

/** A message as SQS takes it: JSON whose every character is one that SQS allows. */
export function messageBody(message: RecordingMessage): string {
  return sendableJson(message);
}
