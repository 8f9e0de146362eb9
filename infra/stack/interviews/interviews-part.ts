import { CfnOutput, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment/deployment.js';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { seriesBucketName } from '../../deployment/interviews-settings.js';
import type { CheckedInterviews } from '../../deployment/read-deployment.js';
import { acknowledge } from '../acknowledge.js';
import { createBucket } from '../buckets.js';
import type { Lent } from '../lent.js';
import { temporalSecrets, workerSecrets } from '../secrets.js';
import { createOrchestratorService, createSpotService } from '../services.js';
import { createWorkerTask } from '../worker-task.js';
import { createInterviewsAlarms } from './alarms.js';
import { interviewsEnvironment } from './environment.js';
import { createInterviewsNetwork } from './network.js';
import { interviewsPolicies, seriesFolder } from './policies.js';
import { createJobsQueue } from './queue.js';
import { scaleOnReadyJobs } from './scaling.js';

/** Interviews: their queue, bucket, two services and their alarms, in the order of a job's way. */
export class InterviewsPart extends Construct {
  constructor(scope: Construct, interviews: CheckedInterviews, lent: Lent) {
    super(scope, 'Interviews');
    const { deployment, key, cluster } = lent;
    const { part, configuration } = interviews;
    const jobs = createJobsQueue(this, deployment.environment, interviews, key);
    createSeriesBucket(this, deployment, part, lent);
    const network = createInterviewsNetwork(this, deployment, part, lent.place);
    const policies = interviewsPolicies(this, deployment, part, lent.iamFolder, { jobs, key });
    const series = seriesFolder(deployment);
    const shared = {
      architecture: deployment.image.architecture,
      ...lent.image,
      secrets: workerSecrets(this, {
        MONGO_URI: part.mongo.uri,
        INTERVIEW_ID_KEY: part.id_key,
        ...temporalSecrets(deployment),
        ...part.secret_settings,
      }),
      secretsKeyArn: deployment.secrets_kms_key_arn,
      wholeBuckets: [...part.bucket_names, series],
    };

    const orchestrator = createOrchestratorService(
      this,
      part.orchestrator.tasks,
      cluster,
      network,
      createWorkerTask(this, {
        ...shared,
        id: 'Orchestrator',
        who: 'orchestrator of interviews',
        cpu: part.orchestrator.cpu,
        memoryMib: part.orchestrator.memory_mib,
        memoryLimitMib: part.orchestrator.memory_limit_mib,
        environment: interviewsEnvironment(deployment, part, 'orchestrator', jobs),
        policy: policies.orchestrator,
        publishes: true,
        logGroup: lent.logGroup(this, 'OrchestratorLog', 'interviews-orchestrator'),
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
        who: 'worker of interviews',
        cpu: part.worker.cpu,
        memoryMib: part.worker.memory_mib,
        ephemeralStorageGib: part.worker.ephemeral_storage_gib,
        environment: interviewsEnvironment(deployment, part, 'worker', jobs),
        policy: policies.worker,
        logGroup: lent.logGroup(this, 'WorkerLog', 'interviews-worker'),
      }),
    );
    scaleOnReadyJobs(worker, part, `${configuration.TASK_QUEUE}-interviews`);
    createInterviewsAlarms(this, part, lent.createAlarm, { jobs, orchestrator });

    const operator = new iam.ManagedPolicy(this, 'Operator', {
      description: 'People who work with vachan interviews; attach it to their role',
      document: policies.operator,
    });
    acknowledge(
      operator,
      `AwsSolutions-IAM5[Resource::arn:aws:s3:::${series}/*]`,
      'Objects are named by hashes; the folder is the narrowest resource that can be named.',
    );
    new CfnOutput(this, 'JobsQueueUrl', {
      value: jobs.queue.queueUrl,
      description: 'INTERVIEW_JOBS_QUEUE_URL',
    });
    new CfnOutput(this, 'JobsQueueArn', {
      value: jobs.queue.queueArn,
      description: 'Where notifications of s3:ObjectCreated:* of the buckets go',
    });
  }
}

/** Values by the second of very long recordings, unless a bucket is named; objects go with their results. */
function createSeriesBucket(
  scope: Construct,
  deployment: Deployment,
  part: InterviewsDeployment,
  { key, accessLogs }: Pick<Lent, 'key' | 'accessLogs'>,
): void {
  if (part.series_bucket_name !== undefined) return;
  createBucket(
    scope,
    'Bucket',
    { name: seriesBucketName(deployment), logPrefix: 'interviews', key, accessLogs },
    // Not versioned: what is erased has to be gone.
    { lifecycleRules: [{ id: 'abandoned-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }] },
  );
}
