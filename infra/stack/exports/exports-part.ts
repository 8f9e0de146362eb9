import { CfnOutput } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CheckedExports } from '../../deployment/read-deployment.js';
import { acknowledge } from '../acknowledge.js';
import type { Lent } from '../lent.js';
import { temporalSecrets, workerSecrets } from '../secrets.js';
import { createOrchestratorService, createSpotService } from '../services.js';
import { createWorkerTask } from '../worker-task.js';
import { createExportsAlarms } from './alarms.js';
import { exportsEnvironment } from './environment.js';
import { createExportsNetwork } from './network.js';
import { exportsFolders, exportsPolicies } from './policies.js';
import { createExportsQueues } from './queues.js';
import { scaleOnTasks } from './scaling.js';
import { createExportsBucket, createMetadataTable } from './storage.js';

/** Export processing: its queues, bucket, table, two services and their alarms, in the order of a job's way. */
export class ExportsPart extends Construct {
  constructor(scope: Construct, exports: CheckedExports, lent: Lent) {
    super(scope, 'Exports');
    const { deployment, key, cluster } = lent;
    const { part, configuration } = exports;
    const queues = createExportsQueues(this, deployment.environment, exports, key);
    createExportsBucket(this, deployment, part, lent);
    createMetadataTable(this, deployment, part, key);
    const network = createExportsNetwork(this, deployment, part, lent.place);
    const policies = exportsPolicies(this, deployment, part, lent.iamFolder, { queues, key });
    const folders = exportsFolders(deployment, part);
    const shared = {
      architecture: deployment.image.architecture,
      ...lent.image,
      secrets: workerSecrets(this, { ...temporalSecrets(deployment), ...part.secret_settings }),
      secretsKeyArn: deployment.secrets_kms_key_arn,
    };

    const orchestrator = createOrchestratorService(
      this,
      part.orchestrator.tasks,
      cluster,
      network,
      createWorkerTask(this, {
        ...shared,
        id: 'Orchestrator',
        who: 'orchestrator of exports',
        cpu: part.orchestrator.cpu,
        memoryMib: part.orchestrator.memory_mib,
        memoryLimitMib: part.orchestrator.memory_limit_mib,
        environment: exportsEnvironment(deployment, part, 'orchestrator', queues),
        policy: policies.orchestrator,
        publishes: true,
        wholeBuckets: [folders.state],
        logGroup: lent.logGroup(this, 'OrchestratorLog', 'exports-orchestrator'),
      }),
    );
    const worker = createSpotService(
      this,
      'Worker',
      part.worker.on_demand_tasks,
      cluster,
      network,
      createWorkerTask(this, {
        ...shared,
        id: 'Worker',
        who: 'worker of exports',
        cpu: part.worker.cpu,
        memoryMib: part.worker.memory_mib,
        environment: exportsEnvironment(deployment, part, 'worker', queues),
        policy: policies.worker,
        wholeBuckets: [folders.output, folders.state],
        logGroup: lent.logGroup(this, 'WorkerLog', 'exports-worker'),
      }),
    );
    scaleOnTasks(worker, part, queues, `${configuration.TASK_QUEUE}-exports`);
    createExportsAlarms(this, part, lent.createAlarm, { queues, orchestrator });
    this.#operator(policies.operator, Object.values(folders));
    new CfnOutput(this, 'JobsQueueUrl', {
      value: queues.jobs.queue.queueUrl,
      description: 'EXPORT_JOBS_QUEUE_URL',
    });
    for (const [setting, { label, queue }] of Object.entries(queues.tasks))
      new CfnOutput(this, `QueueUrl-${label}`, { value: queue.queueUrl, description: setting });
  }

  #operator(document: iam.PolicyDocument, folders: readonly string[]): void {
    const operator = new iam.ManagedPolicy(this, 'Operator', {
      description: 'People who work with vachan exports; attach it to their role',
      document,
    });
    for (const folder of folders)
      acknowledge(
        operator,
        `AwsSolutions-IAM5[Resource::arn:aws:s3:::${folder}/*]`,
        'Objects are named by exports and their entries; the folder is the narrowest resource that can be named.',
      );
  }
}
