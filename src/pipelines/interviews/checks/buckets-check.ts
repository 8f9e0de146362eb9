import { ListObjectsV2Command, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { ok, problem, type Check, type Finding } from '../../../commands/finding.js';
import { connectS3 } from '../../../objects/s3-client.js';
import { S3_SETTINGS } from '../../../objects/s3-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';

const NAME = 'Buckets of interviews';
const REMEDY = "Check INTERVIEW_BUCKETS, AWS_REGION and this process's AWS credentials.";

/** The buckets that media are read from. Nothing is read. */
export function bucketsCheck(environment: Environment): Check {
  return {
    name: NAME,
    todo: REMEDY,
    run: async () => {
      const settings = loadSettings(environment, S3_SETTINGS, pick(INTERVIEWS_SETTINGS, 'INTERVIEW_BUCKETS'));
      // A person waits for this.
      const client = connectS3({ ...settings, S3_MAX_RETRIES: Math.min(1, settings.S3_MAX_RETRIES) });
      try {
        return await Promise.all(settings.INTERVIEW_BUCKETS.map((bucket) => bucketFinding(client, bucket)));
      } finally {
        client.destroy();
      }
    },
  };
}

/**
 * Whether the bucket may be listed: without that right S3 answers 403 for an object that is not there yet, and its job would
 * fail instead of waiting for it.
 */
async function bucketFinding(client: S3Client, bucket: string): Promise<Finding> {
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
    return ok(NAME, `bucket ${bucket} answers, and tells of objects that are not there yet`);
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404) return problem(NAME, `there is no bucket ${bucket}`, 'Check its name.');
    if (status === 301)
      return problem(NAME, `bucket ${bucket} is in another region`, 'Set AWS_REGION to its region.');
    if (status === 403) {
      return problem(
        NAME,
        `bucket ${bucket} may not be listed by this identity: a job whose object is not there yet would fail`,
        'Grant s3:ListBucket on it, besides s3:GetObject on what is in it.',
      );
    }
    return problem(NAME, `bucket ${bucket} does not answer (${(error as Error).name})`, REMEDY);
  }
}
