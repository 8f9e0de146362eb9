import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { ExportsSettings } from '../../src/pipelines/exports/settings/index.js';
import type { InterviewsSettings } from '../../src/pipelines/interviews/settings/index.js';
import type { RecordingsSettings } from '../../src/pipelines/recordings/settings/index.js';
import {
  deploymentSchema,
  leavesOutRecordings,
  hasRecordings,
  missingOfRecordings,
  type Deployment,
  type RecordingsDeployment,
} from './deployment.js';
import { crossChecks, recordingsChecks } from './cross-checks.js';
import type { ExportsDeployment } from './exports.js';
import { exportsChecks } from './exports-checks.js';
import { exportsSettings } from './exports-settings.js';
import type { InterviewsDeployment } from './interviews.js';
import { interviewsChecks } from './interviews-checks.js';
import { interviewsSettings } from './interviews-settings.js';
import { recordingsSettings } from './recordings-settings.js';
import { checkedConfiguration } from './worker-settings.js';

/** Thrown when a deployment file cannot be used; its message names every wrong value. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** A deployment that can be built, and the configuration its workers will read. */
export interface CheckedDeployment {
  deployment: Deployment;
  /** Unset where the deployment leaves them out. */
  recordings?: CheckedRecordings;
  /** Unset where exports are not asked for. */
  exports?: CheckedExports;
  /** Unset where interviews are not asked for. */
  interviews?: CheckedInterviews;
}

/** A deployment as recordings see it, and the configuration their services will read. */
export interface CheckedRecordings {
  deployment: RecordingsDeployment;
  configuration: RecordingsSettings;
}

/** The part of a deployment that is exports', and the configuration its services will read. */
export interface CheckedExports {
  part: ExportsDeployment;
  configuration: ExportsSettings;
}

/** The same of interviews. */
export interface CheckedInterviews {
  part: InterviewsDeployment;
  configuration: InterviewsSettings;
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
  const deployment = parsed.data;
  const problems = crossChecks(deployment);
  const recordings = checkRecordings(deployment, given, problems);
  const exports = checkExports(deployment, problems);
  const interviews = checkInterviews(deployment, problems);
  if (problems.length > 0) throw refused(source, problems);
  return {
    deployment,
    ...(recordings !== undefined && { recordings }),
    ...(exports !== undefined && { exports }),
    ...(interviews !== undefined && { interviews }),
  };
}

/** Fields of recordings that have defaults, or need not be there. */
const MORE_OF_RECORDINGS = [
  'postgres',
  'queue',
  'results',
  'orchestrator',
  'settings',
  'secret_settings',
] as const;

/** @param problems takes what is wrong with the part, a line each */
function checkRecordings(
  deployment: Deployment,
  given: unknown,
  problems: string[],
): CheckedRecordings | undefined {
  if (leavesOutRecordings(deployment)) {
    const idle = MORE_OF_RECORDINGS.filter((field) => Object.hasOwn(given as object, field));
    problems.push(...idle.map((field) => `${field} is of recordings, which this deployment leaves out`));
    return undefined;
  }
  if (!hasRecordings(deployment)) {
    problems.push(...missingOfRecordings(deployment).map((field) => `${field} is missing`));
    return undefined;
  }
  const checked = checkedConfiguration(recordingsSettings(deployment));
  const configuration = 'configuration' in checked ? checked.configuration : undefined;
  if ('problems' in checked) problems.push(...checked.problems);
  problems.push(...recordingsChecks(deployment, configuration));
  return configuration === undefined ? undefined : { deployment, configuration };
}

/** @param problems takes what is wrong with the part, a line each */
function checkExports(deployment: Deployment, problems: string[]): CheckedExports | undefined {
  const { exports: part, region } = deployment;
  if (part === undefined) return undefined;
  const checked = checkedConfiguration(exportsSettings(deployment, part));
  const configuration = 'configuration' in checked ? checked.configuration : undefined;
  if ('problems' in checked) problems.push(...checked.problems);
  problems.push(...exportsChecks(region, part, configuration));
  return configuration === undefined ? undefined : { part, configuration };
}

/** @param problems takes what is wrong with the part, a line each */
function checkInterviews(deployment: Deployment, problems: string[]): CheckedInterviews | undefined {
  const { interviews: part, region } = deployment;
  if (part === undefined) return undefined;
  const checked = checkedConfiguration(interviewsSettings(deployment, part));
  const configuration = 'configuration' in checked ? checked.configuration : undefined;
  if ('problems' in checked) problems.push(...checked.problems);
  problems.push(...interviewsChecks(region, part, configuration));
  return configuration === undefined ? undefined : { part, configuration };
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
