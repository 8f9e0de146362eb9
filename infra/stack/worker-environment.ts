import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Deployment } from '../deployment/deployment.js';
import type { CheckedRecordings } from '../deployment/read-deployment.js';
import { plainRecordingsSettings } from '../deployment/recordings-settings.js';
import { SCRATCH_PATH } from '../deployment/worker-settings.js';
import { METRIC_NAMESPACE } from './backlog-metric.js';
import type { WorkQueue } from './queue-pair.js';

/** The environment of one service's container; secrets come beside it. */
export function workerEnvironment(
  { deployment }: CheckedRecordings,
  serviceMode: 'orchestrator' | 'inference',
  [work, ...others]: readonly [WorkQueue, ...WorkQueue[]],
  results: s3.IBucket,
): Record<string, string> {
  const { inference } = deployment;
  const further = others.map(({ queue }) => queue.queueUrl).join(',');
  return {
    // One process of the audio pool for each vCPU that is paid for, whatever the host shows.
    ...(serviceMode === 'inference' && {
      AUDIO_POOL_SIZE: String(Math.max(1, Math.floor(inference.cpu / 1024))),
      CSV_OUTPUT_PATH: results.s3UrlForObject('csv'),
    }),
    ...(serviceMode === 'orchestrator' && { CLOUDWATCH_NAMESPACE: METRIC_NAMESPACE }),
    ...plainRecordingsSettings(deployment),
    SERVICE_MODE: serviceMode,
    SQS_QUEUE_URL: work.queue.queueUrl,
    ...(further !== '' && { SQS_ALLOWED_QUEUE_URLS: further }),
    ...placeSettings(deployment),
  };
}

/** Where any pipeline's container finds Temporal, and what it may write to. */
export function placeSettings({ temporal }: Deployment): Record<string, string> {
  return {
    // The root file system is read-only, /tmp with it.
    TMPDIR: SCRATCH_PATH,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.api_key !== undefined && { TEMPORAL_TLS: 'true' }),
  };
}
