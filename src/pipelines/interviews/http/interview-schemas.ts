import { z } from 'zod';
import { INTERVIEW_TYPES } from '../contract/job.js';
import { interviewIdSchema } from '../jobs/job-fields.js';

/**
 * What the HTTP API answers of one interview, to processes of this machine and to who has the token: it holds what was
 * said. Measures pass as they are stored; docs/measures.md defines them.
 */

const instant = z.iso.datetime();
const measures = (what: string) =>
  z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: `Measures of ${what}, as docs/measures.md defines them.` });

export const interviewParamsSchema = z.object({ interview_id: interviewIdSchema });
export type InterviewParams = z.infer<typeof interviewParamsSchema>;

const jobSchema = z.object({
  job_id: z.string(),
  interview_type: z.enum(INTERVIEW_TYPES),
  status: z
    .enum(['0', '1', '2', '3'])
    .meta({ description: '0 pending, 1 processing, 2 failed, 3 completed.' }),
  data_process: z.enum(['0', '1']).meta({ description: '1 once its object is there.' }),
  bucket: z.string(),
  key: z.string(),
  attempts: z.int().min(0),
  revision: z.int().min(0),
  created_at: instant,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  next_attempt_at: instant.nullable(),
  error_type: z.string().nullable(),
  error_message: z.string().nullable(),
  result_id: z.string().nullable(),
});

const resultSchema = z.object({
  result_id: z.string(),
  job_id: z.string(),
  interview_type: z.enum(INTERVIEW_TYPES),
  engine_version: z.int(),
  media: z.record(z.string(), z.unknown()).meta({ description: 'Container, codecs and durations.' }),
  warnings: z.array(z.string()),
  video: measures('the picture'),
  audio: measures('the sound'),
  speech: measures('speech'),
  transcript: measures('what was said'),
  content: measures('what a transcript holds'),
  not_measured: z.array(z.string()).meta({ description: 'What nothing here measures.' }),
  created_at: instant,
});

export const interviewSchema = z.object({
  interview_id: z.string(),
  jobs: z.array(jobSchema).meta({ description: 'The oldest first.' }),
  results: z.array(resultSchema).meta({ description: 'The current one of each medium.' }),
});
export type InterviewAnswer = z.infer<typeof interviewSchema>;

/** Named parts of the OpenAPI description. */
export const INTERVIEW_COMPONENTS = { Interview: interviewSchema } as const;
