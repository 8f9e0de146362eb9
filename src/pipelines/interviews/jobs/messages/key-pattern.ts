import { jobRequestSchema, type JobRequest } from '../job-fields.js';
import type { WrittenObject } from './s3-events.js';

/**
 * The job that an object's key names, by `INTERVIEW_KEY_PATTERN`.
 *
 * @returns undefined where the key is none of the pattern's, or names no job
 */
export function jobOfKey(
  pattern: RegExp | undefined,
  { bucket, key }: WrittenObject,
): JobRequest | undefined {
  const groups = pattern?.exec(key)?.groups;
  if (groups === undefined) return undefined;
  const { interview_id, interview_type } = groups;
  return jobRequestSchema.safeParse({ interview_id, interview_type, bucket, key }).data;
}
