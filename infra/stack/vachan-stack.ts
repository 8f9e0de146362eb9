import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { scratchGib } from '../deployment/fargate-size.js';
import type { CheckedDeployment } from '../deployment/read-deployment.js';
import { acknowledge } from './acknowledge.js';
import { createAlarms } from './alarms.js';
import { backlogPerTaskMetric } from './backlog-metric.js';
import { createEncryptionKey } from './encryption-key.js';
import { createEndpoints } from './endpoints.js';
import { workerImage } from './image.js';
import { createLogGroup } from './log-groups.js';
import { createNetwork } from './network.js';
import { createQueues, type WorkQueue } from './queues.js';
import { createResultsBucket, resultsBucketName } from './results-bucket.js';
import { scaleOnBacklog } from './scaling.js';
import { workerSecrets } from './secrets.js';
import { createCluster, createInferenceService, createOrchestratorService } from './services.js';
import { EVENT_LOG_PREFIX, recordTaskFailures } from './task-events.js';
import { workerEnvironment } from './worker-environment.js';
import { workerPolicies } from './worker-policies.js';
import { createWorkerTask } from './worker-task.js';

/** Everything that one deployment of Vachan needs in AWS, in the order of a record's way. */
export class VachanStack extends Stack {
  constructor(scope: Construct, checked: CheckedDeployment, options: { iamFolder: string }) {
    const { deployment, configuration } = checked;
    super(scope, `Vachan-${deployment.environment}`, {
      env: { account: deployment.account, region: deployment.region },
      description: 'Vachan: scores a night of reading-assessment recordings',
      terminationProtection: true,
    });
    Tags.of(this).add('application', 'vachan');
    Tags.of(this).add('environment', deployment.environment);
    const logPrefix = `/vachan/${deployment.environment}/`;

    const key = createEncryptionKey(this, [logPrefix, EVENT_LOG_PREFIX]);
    const logGroup = (id: string, name: string) => createLogGroup(this, id, name, deployment, key);
    const queues = createQueues(this, checked, key);
    const results = createResultsBucket(this, deployment, key);
    const network = createNetwork(this, deployment, configuration);
    createEndpoints(this, deployment, network);
    const cluster = createCluster(this, deployment, network);

    const policies = workerPolicies(this, deployment, options.iamFolder, { queues, key });
    const operator = new iam.ManagedPolicy(this, 'Operator', {
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
      ...workerImage(this, deployment),
      secrets: workerSecrets(this, deployment),
      secretsKeyArn: deployment.secrets_kms_key_arn,
    };
    const orchestrator = createOrchestratorService(
      this,
      deployment,
      cluster,
      network,
      createWorkerTask(this, {
        ...shared,
        id: 'Orchestrator',
        cpu: deployment.orchestrator.cpu,
        memoryMib: deployment.orchestrator.memory_mib,
        environment: workerEnvironment(checked, 'orchestrator', queues, results),
        policy: policies.orchestrator,
        wholeBuckets: [],
        logGroup: logGroup('OrchestratorLog', `${logPrefix}orchestrator`),
      }),
    );
    const inference = createInferenceService(
      this,
      deployment,
      cluster,
      network,
      createWorkerTask(this, {
        ...shared,
        id: 'Inference',
        cpu: deployment.inference.cpu,
        memoryMib: deployment.inference.memory_mib,
        ephemeralStorageGib: deployment.inference.ephemeral_storage_gib ?? scratchGib(configuration),
        environment: workerEnvironment(checked, 'inference', queues, results),
        policy: policies.inference,
        wholeBuckets: [...deployment.recordings.bucket_names, resultsBucketName(deployment)],
        logGroup: logGroup('InferenceLog', `${logPrefix}inference`),
      }),
    );
    scaleOnBacklog(inference, deployment, backlogPerTaskMetric(configuration.TASK_QUEUE));

    const taskFailures = recordTaskFailures(
      this,
      cluster,
      logGroup('TaskFailureLog', `${EVENT_LOG_PREFIX}${deployment.environment}-task-failures`),
    );
    createAlarms(this, deployment, { queues, taskFailures, orchestrator, key });
    this.#outputs(queues, results.bucketName);
  }

  #outputs([work, ...others]: readonly [WorkQueue, ...WorkQueue[]], bucketName: string): void {
    new CfnOutput(this, 'QueueUrl', { value: work.queue.queueUrl, description: 'SQS_QUEUE_URL' });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: work.deadLetters.queueUrl });
    for (const { label, queue } of others)
      new CfnOutput(this, `QueueUrl-${label}`, { value: queue.queueUrl });
    new CfnOutput(this, 'ResultsBucket', { value: bucketName, description: 'CSV, one object a batch' });
  }
}
