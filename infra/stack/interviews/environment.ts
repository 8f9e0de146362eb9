import type { Deployment } from '../../deployment/deployment.js';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { plainInterviewsSettings } from '../../deployment/interviews-settings.js';
import { METRIC_NAMESPACE } from '../backlog-metric.js';
import type { WorkQueue } from '../queue-pair.js';
import { placeSettings } from '../worker-environment.js';

/** The environment of one service's container; secrets come beside it. */
export function interviewsEnvironment(
  deployment: Deployment,
  part: InterviewsDeployment,
  mode: 'orchestrator' | 'worker',
  jobs: WorkQueue,
): Record<string, string> {
  return {
    ...(mode === 'orchestrator' && { CLOUDWATCH_NAMESPACE: METRIC_NAMESPACE }),
    ...plainInterviewsSettings(deployment, part),
    SERVICE_MODE: mode,
    INTERVIEW_JOBS_QUEUE_URL: jobs.queue.queueUrl,
    ...placeSettings(deployment),
  };
}
