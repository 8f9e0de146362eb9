import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { CheckedExports } from '../../deployment/read-deployment.js';
import { createQueuePair, type WorkQueue } from '../queue-pair.js';

export interface ExportsQueues {
  jobs: WorkQueue;
  /** By the setting that names each. */
  tasks: Readonly<Record<string, WorkQueue>>;
}

/** What is to be exported, and what is to be downloaded for it, by priority where the deployment asks for that. */
export function createExportsQueues(
  scope: Construct,
  environment: string,
  { part, configuration }: CheckedExports,
  key: kms.IKey,
): ExportsQueues {
  const pair = (label: string, id: string): WorkQueue =>
    createQueuePair(scope, {
      ...{ label, id, name: `vachan-${environment}-${label}`, key, fifo: false },
      visibilitySeconds: configuration.SQS_VISIBILITY_TIMEOUT_SECONDS,
      maxReceiveCount: part.max_receive_count,
    });
  return {
    jobs: pair('export-jobs', 'Jobs'),
    tasks: {
      DOWNLOAD_TASKS_QUEUE_URL: pair('download-tasks', 'Tasks'),
      ...(part.priority_queues && {
        DOWNLOAD_TASKS_QUEUE_URL_HIGH: pair('download-tasks-high', 'TasksHigh'),
        DOWNLOAD_TASKS_QUEUE_URL_LOW: pair('download-tasks-low', 'TasksLow'),
      }),
    },
  };
}
