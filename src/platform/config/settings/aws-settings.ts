import type { Environment } from '../environment.js';
import { text, url } from '../setting.js';

/** Where AWS is, and who calls it. */
export const AWS_SETTINGS = {
  AWS_REGION: text({
    default: 'ap-south-1',
    about: 'Region of the queue and the buckets.',
    environmentProblems: longLivedKeys,
  }),
  AWS_ENDPOINT_URL: url(
    {
      about:
        "The AWS SDK's own variable for another SQS and S3 (the embedded stack, LocalStack). Its host is the one plain-http, private address that objects may be read from.",
    },
    ['http', 'https'],
  ),
} as const;

/**
 * Access to AWS comes from a role: keys in an environment or a file are copied, logged and never rotated. Another
 * endpoint's keys (the embedded stack, LocalStack) are no secret, and keys with a session token expire by themselves.
 */
function longLivedKeys(environment: Environment): string[] {
  const set = (name: string): boolean => environment[name] !== undefined && environment[name] !== '';
  if (set('AWS_ENDPOINT_URL') || set('AWS_SESSION_TOKEN')) return [];
  return ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    .filter(set)
    .map(
      (name) =>
        `${name} is set; long-lived AWS keys are not taken. Give this process an IAM role (infra/iam), or a session of one (aws sso login).`,
    );
}
