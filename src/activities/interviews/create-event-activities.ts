import { Context } from '@temporalio/activity';
import { interviewInputSchema } from '../../pipelines/interviews/contract/workflow-inputs.js';
import { tellInterview } from '../../pipelines/interviews/events/tell-interview.js';
import { interviewDigest } from '../../pipelines/interviews/interview-digest.js';
import { InvalidJob } from '../../pipelines/interviews/jobs/job-errors.js';
import type { ActivityParts } from '../../pipelines/interviews/process/parts.js';
import { createDeliverOnce } from '../../webhook/deliver.js';
import { atActivityBoundary } from '../shared/activity-boundary.js';
import { checkedInput } from '../shared/checked-input.js';
import { trustedTime } from '../shared/temporal-clock.js';
import type { InterviewEventActivities, TellActivities } from './event-activity-types.js';
import { createLookActivities } from './look-at-interview.js';

/** On the orchestrators' task queue. */
export function createEventActivities({
  config,
  dependencies,
  metrics,
  temporal,
  log,
}: ActivityParts): InterviewEventActivities & TellActivities {
  const { jobs, events, endpoint, endpointStates: states } = dependencies;
  const deliver = createDeliverOnce({ endpoint, states, store: events, log, onTry: metrics.webhooks() });
  return atActivityBoundary<InterviewEventActivities & TellActivities>(
    {
      ...createLookActivities({ config, jobs, events, sendable: endpoint !== undefined }),

      sendEvent: ({ event_id }) => deliver(event_id, Context.current().cancellationSignal, trustedTime()),

      async tellInterview(input) {
        const { job_id } = checkedInput(interviewInputSchema, input, 'interviewWorkflow');
        const job = await jobs.get(job_id).catch((error: unknown) => {
          if (error instanceof InvalidJob) return undefined;
          throw error;
        });
        // It was erased meanwhile.
        if (job === undefined) return;
        await tellInterview(temporal(), {
          digest: interviewDigest(job.interview_id, config.INTERVIEW_ID_KEY),
          job_id,
        });
      },
    },
    log,
  );
}
