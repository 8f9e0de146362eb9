import { queueCheck } from '../../../commands/checks/queue-check.js';
import { ok, problem, type Check } from '../../../commands/finding.js';
import { connectS3 } from '../../../objects/s3-client.js';
import { S3_SETTINGS } from '../../../objects/s3-settings.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { rolesOf } from '../../../platform/config/settings/process-settings.js';
import { createExportSources } from '../export-api/sources.js';
import { JobRefused } from '../errors.js';
import { EXPORT_API_SETTINGS } from '../settings/api-settings.js';
import { EXPORTS_SETTINGS } from '../settings/index.js';
import { createExportState } from '../state/job-state.js';
import { metadataCheck } from './metadata-check.js';
import { webhookCheck } from './webhook-check.js';

/** Everything that a process of exports depends on, in the order of a job's way. */
export function allChecks(environment: Environment): Check[] {
  return [
    jobsQueueCheck(environment),
    tasksQueueCheck(environment),
    apiCheck(environment),
    metadataCheck(environment),
    stateCheck(environment),
    webhookCheck(environment),
  ];
}

function jobsQueueCheck(environment: Environment): Check {
  const todo = 'Check EXPORT_JOBS_QUEUE_URL, AWS_REGION and the AWS credentials of this process.';
  return queueCheck(todo, () => {
    const settings = loadSettings(
      environment,
      pick(BASE_SETTINGS, 'SERVICE_MODE', 'AWS_REGION'),
      pick(EXPORTS_SETTINGS, 'EXPORT_JOBS_QUEUE_URL'),
    );
    const { orchestrator } = rolesOf(settings.SERVICE_MODE);
    return {
      region: settings.AWS_REGION,
      urls: [settings.EXPORT_JOBS_QUEUE_URL],
      needed: orchestrator ? ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'] : [],
      movesMalformed: orchestrator,
    };
  });
}

function tasksQueueCheck(environment: Environment): Check {
  const todo = 'Check DOWNLOAD_TASKS_QUEUE_URL, AWS_REGION and the AWS credentials of this process.';
  return queueCheck(todo, () => {
    const settings = loadSettings(
      environment,
      pick(BASE_SETTINGS, 'SERVICE_MODE', 'AWS_REGION'),
      pick(
        EXPORTS_SETTINGS,
        'DOWNLOAD_TASKS_QUEUE_URL',
        'DOWNLOAD_TASKS_QUEUE_URL_HIGH',
        'DOWNLOAD_TASKS_QUEUE_URL_LOW',
      ),
    );
    const { orchestrator, worker } = rolesOf(settings.SERVICE_MODE);
    return {
      region: settings.AWS_REGION,
      urls: [
        settings.DOWNLOAD_TASKS_QUEUE_URL,
        settings.DOWNLOAD_TASKS_QUEUE_URL_HIGH,
        settings.DOWNLOAD_TASKS_QUEUE_URL_LOW,
      ].filter((url) => url !== undefined),
      needed: [
        ...(orchestrator ? (['sqs:SendMessage'] as const) : []),
        ...(worker
          ? (['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'] as const)
          : []),
      ],
      movesMalformed: worker,
    };
  });
}

/** An id that no export has. */
const NO_EXPORT = 'vachan-doctor';

function apiCheck(environment: Environment): Check {
  const name = 'Export API';
  const todo = 'Check EXPORT_API_URL and EXPORT_API_TOKEN, or what EXPORT_API_ADAPTER says of it.';
  return {
    name,
    todo,
    run: async () => {
      const sources = createExportSources(loadSettings(environment, EXPORT_API_SETTINGS));
      try {
        return await Promise.all(
          sources.names.map(async (source) => {
            try {
              await sources.of(source).status(NO_EXPORT);
            } catch (error) {
              if (!(error instanceof JobRefused))
                return problem(name, `${source}: ${(error as Error).message}`, todo);
              if (error.reason === 'access_denied') return problem(name, `${source}: ${error.message}`, todo);
            }
            return ok(name, `${source} answers`);
          }),
        );
      } finally {
        sources.close();
      }
    },
  };
}

function stateCheck(environment: Environment): Check {
  const name = 'State in S3';
  const todo = 'Check EXPORT_STATE_PREFIX, and that this process may list, read and write there.';
  return {
    name,
    todo,
    run: async () => {
      const settings = loadSettings(environment, S3_SETTINGS, pick(EXPORTS_SETTINGS, 'EXPORT_STATE_PREFIX'));
      const s3 = connectS3(settings);
      try {
        const { bucket, prefix } = settings.EXPORT_STATE_PREFIX;
        await createExportState(s3, settings.EXPORT_STATE_PREFIX)
          .of({ source: 'default', export_id: NO_EXPORT })
          .result();
        return [ok(name, `s3://${bucket}/${prefix} can be read`)];
      } finally {
        s3.destroy();
      }
    },
  };
}
