import { z } from 'zod';
import { INTERVIEW_TYPES } from '../contract/job.js';

/** In bytes of UTF-8: names of tables and folders are this long at most, and S3's keys 1,024. */
const MOST_ID_BYTES = 256;
const MOST_KEY_BYTES = 1_024;
const BUCKET = /^[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
/** BCP 47, as far as it is used: a language, perhaps a script and a region. */
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

const plainText = (most: number): z.ZodString => z.string().trim().min(1).max(most);

export const interviewIdSchema = z
  .string()
  .refine((id) => id !== '' && Buffer.byteLength(id) <= MOST_ID_BYTES && !CONTROL.test(id), {
    error: `expected 1 to ${MOST_ID_BYTES} bytes of UTF-8 without control characters`,
  });

/** Something between here and S3 may resolve segments of dots, and then they lead to another bucket. */
const isKey = (key: string): boolean =>
  key !== '' &&
  Buffer.byteLength(key) <= MOST_KEY_BYTES &&
  !CONTROL.test(key) &&
  !key.split('/').some((segment) => segment === '.' || segment === '..');

export const objectKeySchema = z.string().refine(isKey, {
  error: `expected a key of 1 to ${MOST_KEY_BYTES} bytes without control characters and . or .. segments`,
});

export const bucketSchema = z.string().regex(BUCKET, { error: 'expected the name of a bucket' });

export const interviewTypeSchema = z.enum(INTERVIEW_TYPES, {
  error: `expected one of ${INTERVIEW_TYPES.join(', ')}`,
});

/** What makes a job another one. */
export const jobKeyShape = {
  interview_id: interviewIdSchema,
  interview_type: interviewTypeSchema,
  bucket: bucketSchema,
  key: objectKeySchema,
};

const questionSchema = z.object({
  text: plainText(2_000),
  key_points: z.array(plainText(500)).max(50).optional(),
});

/** What whoever asks for a job may say of it besides. */
export const jobWishShape = {
  /** Of the interview, in all: without it an interview is done when no further job has come for a while. */
  expected_jobs: z.int().min(1).max(100).optional(),
  questions: z.array(questionSchema).max(100).optional(),
  language: z.string().regex(LANGUAGE, { error: 'expected a language tag, such as en or hi-IN' }).optional(),
  /** In place of JOB_TIMEOUT. */
  timeout_seconds: z.int().min(10).max(86_400).optional(),
};

/** A job as a request or a message names it. */
export const jobRequestSchema = z.strictObject({ ...jobKeyShape, ...jobWishShape });
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** What whoever asks for an analysis may say, without naming an object. */
export const jobWishesSchema = z.strictObject(jobWishShape);
