import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root. */
export const root = join(__dirname, '..', '..');

/** The example that ships, as a file. */
export const examplePath = join(root, 'infra', 'deployments', 'example.json');

type Json = Record<string, unknown>;

/** The example with some of its parts changed; `undefined` takes a field away. */
export function deployment(changes: Record<string, unknown> = {}): Json {
  const example = JSON.parse(readFileSync(examplePath, 'utf8')) as Json;
  for (const [part, change] of Object.entries(changes)) {
    const merge = isObject(change) && isObject(example[part]);
    example[part] = merge ? { ...(example[part] as Json), ...change } : change;
  }
  // Takes the undefined ones away, as a file has none.
  return JSON.parse(JSON.stringify(example)) as Json;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** ARN of a secret in the example's account. */
export const secretArn = (name: string, region = 'ap-south-1'): string =>
  `arn:aws:secretsmanager:${region}:123456789012:secret:vachan/${name}-a1B2c3`;
