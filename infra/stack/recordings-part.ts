import { CfnOutput } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { scratchGib } from '../deployment/fargate-size.js';
import type { CheckedRecordings } from '../deployment/read-deployment.js';
import { acknowledge } from './acknowledge.js';
import { createAlarms } from './alarms.js';
import { backlogPerTaskMetric } from './backlog-metric.js';
import type { Lent } from './lent.js';
import { createNetwork } from './network.js';
import { createQueues } from './queues.js';
import { createResultsBucket, resultsBucketName } from './results-bucket.js';
import { scaleOnBacklog } from './scaling.js';
import { recordingsSecrets, workerSecrets } from './secrets.js';
import { createOrchestratorService, createSpotService } from './services.js';
import { workerEnvironment } from './worker-environment.js';
import { workerPolicies } from './worker-policies.js';
import { createWorkerTask } from './worker-task.js';

/**
 * Recordings: their queues, bucket, two services and their alarms, in the order of a record's way.
 *
 * @param stack itself and no part of it: another name would be another resource in a stack that is deployed
 */
export function createRecordings(stack: Construct, checked: CheckedRecordings, lent: Lent): void {
  const { deployment, configuration } = checked;
  const { key, cluster } = lent;
  const queues = createQueues(stack, checked, key);
  const results = createResultsBucket(stack, deployment, key, lent.accessLogs);
  const network = createNetwork(stack, deployment, configuration, lent.place);
  const policies = workerPolicies(stack, deployment, lent.iamFolder, { queues, key });
  const operator = new iam.ManagedPolicy(stack, 'Operator', {
    description: 'People who work with the vachan command; attach it to their role',
    document: policies.operator,
  });
  acknowledge(
    operator,
    `AwsSolutions-IAM5[Resource::arn:aws:s3:::${resultsBucketName(deployment)}/*]`,
    'vachan dlq reads why recordings failed from CSV objects, which are named by batches.',
  );
  const shared = {
    architecture: deployment.image.architecture,
    ...lent.image,
    secrets: workerSecrets(stack, recordingsSecrets(deployment)),
    secretsKeyArn: deployment.secrets_kms_key_arn,
  };
  const orchestrator = createOrchestratorService(
    stack,
    deployment.orchestrator.tasks,
    cluster,
    network,
    createWorkerTask(stack, {
      ...shared,
      id: 'Orchestrator',
      cpu: deployment.orchestrator.cpu,
      memoryMib: deployment.orchestrator.memory_mib,
      environment: workerEnvironment(checked, 'orchestrator', queues, results),
      policy: policies.orchestrator,
      publishes: true,
      wholeBuckets: [],
      logGroup: lent.logGroup(stack, 'OrchestratorLog', 'orchestrator'),
    }),
  );
  const inference = createSpotService(
    stack,
    'Inference',
    deployment.inference.on_demand_tasks,
    cluster,
    network,
    createWorkerTask(stack, {
      ...shared,
      id: 'Inference',
      cpu: deployment.inference.cpu,
      memoryMib: deployment.inference.memory_mib,
      ephemeralStorageGib: deployment.inference.ephemeral_storage_gib ?? scratchGib(configuration),
      environment: workerEnvironment(checked, 'inference', queues, results),
      policy: policies.inference,
      wholeBuckets: [...deployment.recordings.bucket_names, resultsBucketName(deployment)],
      logGroup: lent.logGroup(stack, 'InferenceLog', 'inference'),
    }),
  );
  scaleOnBacklog(inference, deployment, backlogPerTaskMetric(configuration.TASK_QUEUE));
  createAlarms(stack, deployment, lent.createAlarm, { queues, orchestrator });

  const [work, ...others] = queues;
  new CfnOutput(stack, 'QueueUrl', { value: work.queue.queueUrl, description: 'SQS_QUEUE_URL' });
  new CfnOutput(stack, 'DeadLetterQueueUrl', { value: work.deadLetters.queueUrl });
  for (const { label, queue } of others) new CfnOutput(stack, `QueueUrl-${label}`, { value: queue.queueUrl });
  new CfnOutput(stack, 'ResultsBucket', {
    value: results.bucketName,
    description: 'CSV, one object a batch',
  });
}
