import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import * as iam from 'aws-cdk-lib/aws-iam';

/** What infra/iam calls the resources; a deployment may have several of each. */
export type PolicyArns = Readonly<Record<string, readonly string[]>>;

const statementSchema = z.looseObject({
  Sid: z.string(),
  Resource: z.union([z.string(), z.array(z.string())]),
});
const policySchema = z.looseObject({ Statement: z.array(statementSchema) });

/**
 * The policy of infra/iam/`<role>`.json with this deployment's resources in the place of its placeholders.
 *
 * @param folder infra/iam
 * @throws Error when a statement has a placeholder that is not among `arns`
 */
export function rolePolicy(folder: string, role: string, arns: PolicyArns): iam.PolicyDocument {
  const file = join(folder, `${role}.json`);
  const policy = policySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return iam.PolicyDocument.fromJson({
    ...policy,
    Statement: policy.Statement.map((statement) => ({
      ...statement,
      Resource: [statement.Resource].flat().flatMap((resource) => fillIn(resource, arns, file)),
    })),
  });
}

/** `${BucketArn}/*` becomes one resource for each bucket; a resource without placeholder stays. */
function fillIn(resource: string, arns: PolicyArns, file: string): string[] {
  const placeholder = /\$\{(\w+)\}/.exec(resource);
  if (placeholder === null) return [resource];
  const [text, name = ''] = placeholder;
  const values = arns[name];
  if (values === undefined)
    throw new Error(`${file} names ${text}; the stack knows ${Object.keys(arns).join(', ')}`);
  return values.map((arn) => resource.replace(text, () => arn));
}
