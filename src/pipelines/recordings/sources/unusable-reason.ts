import type { z } from 'zod';

const OF_TIME: ReadonlySet<string> = new Set(['source_updated_at', 'subject_created_at']);

/**
 * Why no message can be made of a candidate, as a word to count by: the first field that a row's schema finds wrong,
 * and what it is (`subject_id_missing`, `mongo_doc_id_too_long`, `record_type_invalid`).
 */
export function unusableReason(error: z.ZodError, candidate: Readonly<Record<string, unknown>>): string {
  const [issue] = error.issues;
  const field = String(issue?.path[0] ?? 'row');
  const value = candidate[field];
  if (value === undefined || value === null || value === '') return `${field}_missing`;
  // A date that is one: four digits of a year cannot hold it, and its text would sort wrongly.
  if (OF_TIME.has(field)) return 'subject_created_at_out_of_range';
  return `${field}_${issue?.code === 'too_big' ? 'too_long' : 'invalid'}`;
}
