import { preview } from '../../../platform/text/printable.js';
import { isExportId, isSource, taskWorkflowId } from './job-ref.js';
import { MAX_FILES } from './limits.js';

/** What is wrong with the input of a task's workflow, in one line; without zod, since the workflow looks at it itself. */
export function describeTaskMismatch(input: unknown, workflowId: string): string | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return `input: expected an object with source, export_id and first_ordinal (got ${preview(input)})`;
  }
  const { source, export_id: id, first_ordinal: first, ...more } = input as Record<string, unknown>;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) return `input: no such field: ${preview(unknown, 60)}`;
  if (typeof source !== 'string' || !isSource(source)) {
    return `source: expected 1 to 32 lower-case letters, digits and - (got ${preview(source, 60)})`;
  }
  if (typeof id !== 'string' || !isExportId(id)) {
    return `export_id: expected 1 to 256 bytes of UTF-8 without control characters (got ${preview(id, 60)})`;
  }
  const isOrdinal = typeof first === 'number' && Number.isInteger(first) && first >= 0 && first < MAX_FILES;
  if (!isOrdinal) {
    return `first_ordinal: expected a whole number from 0 to ${MAX_FILES - 1} (got ${preview(first, 60)})`;
  }
  const expected = taskWorkflowId({ source, export_id: id }, first);
  return workflowId === expected
    ? undefined
    : `the workflow id is ${preview(workflowId)}; expected ${preview(expected)}, so that a task is worked on once`;
}
