import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { publishedMetric, trackWaitingWork } from '../scaling.js';

/** What each orchestrator publishes every minute: jobs whose recording is there, and that nobody works on yet. */
export const READY_METRIC = 'ReadyInterviewJobs';

/** As many workers as there is work ready for them. Orchestrators say the same figure, so that its average counts. */
export function scaleOnReadyJobs(
  service: ecs.FargateService,
  { worker }: InterviewsDeployment,
  taskQueue: string,
): void {
  const target = service.autoScaleTaskCount({ minCapacity: worker.min_tasks, maxCapacity: worker.max_tasks });
  trackWaitingWork(service, target, {
    name: 'Ready',
    label: 'Jobs of interviews that are ready for each worker',
    perTask: worker.ready_per_task,
    metrics: [publishedMetric('ready', READY_METRIC, 'Average', taskQueue)],
    expression: 'ready',
  });
}
