import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { RecordingsSettings } from '../../src/pipelines/recordings/settings/index.js';
import { deploymentSchema, type Deployment } from './deployment.js';
import { crossChecks } from './cross-checks.js';
import { workerConfiguration } from './worker-settings.js';

/** Thrown when a deployment file cannot be used; its message names every wrong value. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** A deployment that can be built, and the configuration its workers will read. */
export interface CheckedDeployment {
  deployment: Deployment;
  configuration: RecordingsSettings;
}

/**
 * Reads and checks a deployment file.
 *
 * @throws DeploymentError once, naming the file, every wrong value, what it is and what was expected
 */
export function readDeployment(path: string): CheckedDeployment {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new DeploymentError(`The deployment ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  return checkDeployment(given, path);
}

/**
 * Checks a deployment that was read already.
 *
 * @param source what the error calls it
 * @throws DeploymentError as {@link readDeployment} does
 */
export function checkDeployment(given: unknown, source: string): CheckedDeployment {
  const parsed = deploymentSchema.safeParse(given);
  if (!parsed.success)
    throw refused(
      source,
      parsed.error.issues.flatMap((issue) => describe(issue, given)),
    );
  const checked = workerConfiguration(parsed.data);
  const problems = 'problems' in checked ? checked.problems : [];
  const configuration = 'configuration' in checked ? checked.configuration : undefined;
  problems.push(...crossChecks(parsed.data, configuration));
  if (problems.length > 0 || configuration === undefined) throw refused(source, problems);
  return { deployment: parsed.data, configuration };
}

function refused(source: string, problems: readonly string[]): DeploymentError {
  return new DeploymentError(
    `The deployment ${source} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

function describe(issue: z.core.$ZodIssue, given: unknown): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...path, key].join('.')} is not a field; is it misspelt?`);
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], given);
  if (value === undefined) return [`${path.join('.')} is missing`];
  // Somebody may have put the secret itself where its address belongs.
  const secret = path.at(-1) === 'arn' && !(typeof value === 'string' && value.startsWith('arn:'));
  const shown = secret ? '(not shown; it may be a secret)' : JSON.stringify(value);
  return [`${path.join('.')} is ${shown}; expected ${issue.message}`];
}
