import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../tools/stack/folders.js';
import type { NeededPermission } from './aws-recorder.js';

interface Statement {
  Action: string | string[];
  Resource: string | string[];
  Condition?: { StringLike?: { 's3:prefix'?: string | string[] } };
}

/** One action on one resource that a policy allows; of a listing, below which prefixes. */
interface Allowed extends NeededPermission {
  prefixes: readonly string[];
}

/** What infra/iam/`<role>`.json allows, with these names in the place of its placeholders. */
export function allowed(role: string, names: Readonly<Record<string, string>>): Allowed[] {
  const text = readFileSync(join(projectRoot(), 'infra', 'iam', `${role}.json`), 'utf8').replaceAll(
    /\$\{(\w+)\}/g,
    (placeholder, name: string) => names[name] ?? placeholder,
  );
  const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
  return statements.flatMap(({ Action, Resource, Condition }) => {
    const prefixes = [Condition?.StringLike?.['s3:prefix'] ?? []].flat();
    return [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource, prefixes })));
  });
}

function covers({ action, resource, prefixes }: Allowed, call: NeededPermission): boolean {
  const isBelow = (pattern: string, text: string): boolean =>
    pattern.endsWith('/*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
  return (
    action === call.action &&
    isBelow(resource, call.resource) &&
    (call.prefix === undefined || prefixes.length === 0 || prefixes.some((one) => isBelow(one, call.prefix!)))
  );
}

/** Calls that a policy does not allow, and permissions that no call needed. */
export function compare(
  policy: readonly Allowed[],
  needed: readonly NeededPermission[],
): { denied: NeededPermission[]; unused: NeededPermission[] } {
  return {
    denied: needed.filter((call) => !policy.some((permission) => covers(permission, call))),
    unused: policy
      .filter((permission) => !needed.some((call) => covers(permission, call)))
      .map(({ action, resource }) => ({ action, resource })),
  };
}
