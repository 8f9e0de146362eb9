import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedDeployment } from '../deployment/read-deployment.js';
import { createAlarmTopic } from './alarm-topic.js';
import { createTaskAlarm } from './alarms.js';
import { createAccessLogs } from './buckets.js';
import { createEncryptionKey } from './encryption-key.js';
import { createEndpoints } from './endpoints.js';
import { ExportsPart } from './exports/exports-part.js';
import { InterviewsPart } from './interviews/interviews-part.js';
import { workerImage } from './image.js';
import type { Lent } from './lent.js';
import { createLogGroup } from './log-groups.js';
import { findPlace } from './network.js';
import { createRecordings } from './recordings-part.js';
import { createCluster } from './services.js';
import { EVENT_LOG_PREFIX, recordTaskFailures } from './task-events.js';

/** Everything that one deployment of Vachan needs in AWS: what its pipelines share, and then each of them. */
export class VachanStack extends Stack {
  constructor(scope: Construct, checked: CheckedDeployment, options: { iamFolder: string }) {
    const { deployment, recordings, exports, interviews } = checked;
    super(scope, `Vachan-${deployment.environment}`, {
      env: { account: deployment.account, region: deployment.region },
      description: describe(checked),
      terminationProtection: true,
    });
    Tags.of(this).add('application', 'vachan');
    Tags.of(this).add('environment', deployment.environment);
    const logPrefix = `/vachan/${deployment.environment}/`;

    const key = createEncryptionKey(this, [logPrefix, EVENT_LOG_PREFIX]);
    const place = findPlace(this, deployment);
    createEndpoints(this, deployment, place);
    const cluster = createCluster(this, deployment, place);
    const taskFailures = recordTaskFailures(
      this,
      cluster,
      createLogGroup(
        this,
        'TaskFailureLog',
        `${EVENT_LOG_PREFIX}${deployment.environment}-task-failures`,
        deployment,
        key,
      ),
    );
    const createAlarm = createAlarmTopic(this, deployment, key);
    createTaskAlarm(this, deployment, createAlarm, taskFailures);
    const lent: Lent = {
      ...{ deployment, iamFolder: options.iamFolder, key, place, cluster, createAlarm },
      accessLogs: createAccessLogs(this),
      image: workerImage(this, deployment),
      logGroup: (part, id, service) => createLogGroup(part, id, `${logPrefix}${service}`, deployment, key),
    };
    if (recordings !== undefined) createRecordings(this, recordings, lent);
    if (exports !== undefined) new ExportsPart(this, exports, lent);
    if (interviews !== undefined) new InterviewsPart(this, interviews, lent);
  }
}

function describe({ recordings, exports }: CheckedDeployment): string {
  if (recordings !== undefined) return 'Vachan: scores reading-assessment recordings';
  return exports !== undefined
    ? 'Vachan: brings the files of export jobs to S3'
    : 'Vachan: measures recordings of interviews';
}
