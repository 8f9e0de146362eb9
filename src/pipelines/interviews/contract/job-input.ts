import { preview } from '../../../platform/text/printable.js';
import { jobWorkflowId } from './names.js';

const JOB_ID = /^[0-9a-f]{24}$/;

/** What is wrong with the input of a job's workflow, in one line; without zod, since the workflow looks at it itself. */
export function describeJobMismatch(input: unknown, workflowId: string): string | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return `input: expected an object with job_id (got ${preview(input)})`;
  }
  const { job_id: jobId, ...more } = input as Record<string, unknown>;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) return `input: no such field: ${preview(unknown, 60)}`;
  if (typeof jobId !== 'string' || !JOB_ID.test(jobId)) {
    return `job_id: expected 24 hex digits, the _id of a job (got ${preview(jobId, 60)})`;
  }
  const expected = jobWorkflowId(jobId);
  return workflowId === expected
    ? undefined
    : `the workflow id is ${preview(workflowId)}; expected ${preview(expected)}, so that a job is worked on once`;
}
