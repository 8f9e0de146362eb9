import { z } from 'zod';

/** What a reader should write, once, for the message when it is something else. */
const matching = (pattern: RegExp, expected: string) => z.string().regex(pattern, expected);

const ARN_PARTITION = 'arn:aws[a-z-]*';

export const fields = {
  environment: matching(/^[a-z][a-z0-9-]{0,15}$/, 'lower-case letters, digits and dashes, at most 16'),
  account: matching(/^\d{12}$/, 'an AWS account number of 12 digits'),
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as ap-south-1'),
  cidr: matching(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'an IPv4 range such as 10.0.0.0/16'),
  vpcId: matching(/^vpc-[0-9a-f]+$/, 'an id such as vpc-0123456789abcdef0'),
  subnetId: matching(/^subnet-[0-9a-f]+$/, 'an id such as subnet-0123456789abcdef0'),
  routeTableId: matching(/^rtb-[0-9a-f]+$/, 'an id such as rtb-0123456789abcdef0'),
  securityGroupId: matching(/^sg-[0-9a-f]+$/, 'an id such as sg-0123456789abcdef0'),
  prefixListId: matching(/^pl-[0-9a-f]+$/, 'an id such as pl-78a54011'),
  bucketName: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name'),
  s3Folder: matching(
    /^[a-z0-9][a-z0-9._-]{0,62}(\/[a-z0-9][a-z0-9._-]{0,62}){0,3}$/,
    'a folder such as exports/objects, without a slash at its ends',
  ),
  clockTime: matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 18:45'),
  hostAndPort: matching(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'host:port'),
  email: z.email('an e-mail address'),
  port: z.int('a port').min(1, 'a port from 1').max(65_535, 'a port up to 65535'),
  kmsKeyArn: matching(
    new RegExp(`^${ARN_PARTITION}:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+$`),
    'the ARN of a KMS key (not of an alias)',
  ),
  // Six characters that Secrets Manager appends: without them a policy matches other secrets too, or none.
  secretArn: matching(
    new RegExp(`^${ARN_PARTITION}:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[\\w/+=.@-]+-[A-Za-z0-9]{6}$`),
    'the complete ARN of a Secrets Manager secret, with the six characters at its end',
  ),
  imageTag: matching(
    /^(sha256:[0-9a-f]{64}|(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/,
    'a tag that is never moved (a version or a commit, not "latest"), or sha256:<digest>',
  ),
  timeZone: z.string().refine(isTimeZone, 'a time zone such as Asia/Kolkata'),
  wholeNumber: (min: number, max: number) =>
    z
      .int(`a whole number from ${min} to ${max}`)
      .min(min, `a whole number from ${min} to ${max}`)
      .max(max, `a whole number from ${min} to ${max}`),
};

/** A secret, whole or one field of a JSON secret. */
export const secretReference = z.strictObject({ arn: fields.secretArn, field: z.string().min(1).optional() });

/** A database in the private network: who it is (a security group, or address ranges) and on which ports. */
export const databaseAddress = {
  port: fields.port,
  /** Upper end where the service uses many, as MongoDB Atlas does behind PrivateLink. */
  port_to: fields.port.optional(),
  security_group_id: fields.securityGroupId.optional(),
  cidrs: z.array(fields.cidr).default([]),
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
