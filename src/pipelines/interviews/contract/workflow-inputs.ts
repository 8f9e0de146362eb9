import { z } from 'zod';

/** `_id` of a job's document. */
export const jobIdSchema = z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 hex digits, the _id of a job');

/** Input of `interviewJobWorkflow`, whose workflow id is `jobWorkflowId`. Names, keys and addresses stay in the database. */
export const interviewJobInputSchema = z.strictObject({ job_id: jobIdSchema });
export type InterviewJobInput = z.infer<typeof interviewJobInputSchema>;

/** Input of `interviewWorkflow`: any job of the interview, by which its id is found. */
export const interviewInputSchema = z.strictObject({ job_id: jobIdSchema });
export type InterviewInput = z.infer<typeof interviewInputSchema>;
