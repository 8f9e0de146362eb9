import { createHash } from 'node:crypto';
import type { JobKey } from '../contract/job.js';

/** @returns 40 hex digits that stand for one object's content as one medium of one interview */
export function resultId({ interview_id, interview_type, bucket, key }: JobKey, etag: string): string {
  const named = JSON.stringify([interview_id, interview_type, bucket, key, etag]);
  return createHash('sha256').update(named).digest('hex').slice(0, 40);
}
