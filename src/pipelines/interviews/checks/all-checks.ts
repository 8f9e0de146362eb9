import { queueCheck } from '../../../commands/checks/queue-check.js';
import { scratchCheck } from '../../../commands/checks/scratch-check.js';
import type { Check } from '../../../commands/finding.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { rolesOf } from '../../../platform/config/settings/process-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';
import { bucketsCheck } from './buckets-check.js';
import { databaseCheck } from './database-check.js';
import { memoryCheck } from './memory-check.js';
import { modelsCheck } from './models-check.js';
import { webhookCheck } from './webhook-check.js';

/** Everything that a process of interviews depends on, in the order of a job's way. */
export function allChecks(environment: Environment): Check[] {
  const { worker, orchestrator } = roles(environment);
  return [
    databaseCheck(environment),
    ...(orchestrator && isGiven(environment, 'INTERVIEW_JOBS_QUEUE_URL')
      ? [jobsQueueCheck(environment)]
      : []),
    bucketsCheck(environment),
    ...(worker ? [modelsCheck(environment), memoryCheck(environment), scratchCheck(environment)] : []),
    ...(orchestrator ? [webhookCheck(environment)] : []),
  ];
}

function jobsQueueCheck(environment: Environment): Check {
  const todo = 'Check INTERVIEW_JOBS_QUEUE_URL, AWS_REGION and the AWS credentials of this process.';
  return queueCheck(todo, () => {
    const settings = loadSettings(
      environment,
      pick(BASE_SETTINGS, 'AWS_REGION'),
      pick(INTERVIEWS_SETTINGS, 'INTERVIEW_JOBS_QUEUE_URL'),
    );
    const url = settings.INTERVIEW_JOBS_QUEUE_URL;
    return {
      region: settings.AWS_REGION,
      urls: url === undefined ? [] : [url],
      needed: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
      movesMalformed: true,
    };
  });
}

/** A mode that cannot be read is the first check's to tell; until then everything is looked at. */
function roles(environment: Environment): ReturnType<typeof rolesOf> {
  try {
    return rolesOf(loadSettings(environment, pick(BASE_SETTINGS, 'SERVICE_MODE')).SERVICE_MODE);
  } catch {
    return { orchestrator: true, worker: true };
  }
}

function isGiven(environment: Environment, name: string): boolean {
  return [name, `${name}_FILE`].some((one) => environment[one] !== undefined && environment[one] !== '');
}
