import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as iam from 'aws-cdk-lib/aws-iam';

/** What infra/iam calls resources, and names in conditions; a deployment may have several of each. */
export type PolicyNames = Readonly<Record<string, readonly string[]>>;

/**
 * The policy of infra/iam/`<role>`.json with this deployment's resources in the place of its placeholders.
 *
 * @param folder infra/iam
 * @throws Error when the policy has a placeholder that is not among `names`
 */
export function rolePolicy(folder: string, role: string, names: PolicyNames): iam.PolicyDocument {
  const file = join(folder, `${role}.json`);
  return iam.PolicyDocument.fromJson(fillIn(JSON.parse(readFileSync(file, 'utf8')), names, file));
}

/** `${BucketArn}/*` becomes one text for each bucket; what has no placeholder stays. */
function fillIn(value: unknown, names: PolicyNames, file: string): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => fillIn(item, names, file));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, names, file)]));
  }
  const placeholder = typeof value === 'string' ? /\$\{(\w+)\}/.exec(value) : null;
  if (placeholder === null) return value;
  const [text, name = ''] = placeholder;
  const known = names[name];
  if (known === undefined)
    throw new Error(`${file} names ${text}; the stack knows ${Object.keys(names).join(', ')}`);
  return known.map((item) => placeholder.input.replace(text, () => item));
}
