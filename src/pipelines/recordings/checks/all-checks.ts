import { queueCheck } from '../../../commands/checks/queue-check.js';
import { scratchCheck } from '../../../commands/checks/scratch-check.js';
import type { Check } from '../../../commands/finding.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { rolesOf } from '../../../platform/config/settings/process-settings.js';
import { testDateOr } from '../cli/runs/run-target.js';
import { RECORDINGS_SETTINGS } from '../settings/index.js';
import type { RecordingsDoctorOptions } from './doctor.js';
import { decoderCheck, modelCheck, shadowModelCheck } from './model-check.js';
import { mongoCheck } from './mongo-check.js';
import { rowsCheck } from './rows-check.js';
import { sourceCheck } from './source-check.js';
import { audioUrlCheck, bucketsCheck, csvCheck } from './storage-check.js';

/** Everything that a worker of recordings depends on, in the order of a record's way. */
export function allChecks(
  environment: Environment,
  { audioUrl, testDate }: RecordingsDoctorOptions,
): Check[] {
  return [
    sourceCheck(environment),
    ...(testDate === undefined ? [] : [rowsCheck(environment, testDateOr(testDate, environment))]),
    recordingsQueueCheck(environment),
    bucketsCheck(environment),
    ...(audioUrl === undefined ? [] : [audioUrlCheck(environment, audioUrl)]),
    scratchCheck(environment),
    decoderCheck(),
    modelCheck(environment),
    shadowModelCheck(environment),
    mongoCheck(environment),
    csvCheck(environment),
  ];
}

/** The queue between discovery and inference, and those that a run may name. */
function recordingsQueueCheck(environment: Environment): Check {
  const todo = 'Check SQS_QUEUE_URL, AWS_REGION and the AWS credentials of this process.';
  return queueCheck(todo, () => {
    const settings = loadSettings(
      environment,
      pick(BASE_SETTINGS, 'SERVICE_MODE', 'AWS_REGION', 'MALFORMED_MESSAGES'),
      pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL', 'SQS_ALLOWED_QUEUE_URLS'),
    );
    const roles = rolesOf(settings.SERVICE_MODE);
    return {
      region: settings.AWS_REGION,
      urls: [settings.SQS_QUEUE_URL, ...settings.SQS_ALLOWED_QUEUE_URLS],
      // Neither role is to have more (infra/iam).
      needed: [
        ...(roles.orchestrator ? (['sqs:SendMessage'] as const) : []),
        ...(roles.worker
          ? (['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'] as const)
          : []),
      ],
      movesMalformed: settings.MALFORMED_MESSAGES === 'dead-letter' && roles.worker,
    };
  });
}
