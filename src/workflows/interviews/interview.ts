import { condition, continueAsNew, defineSignal, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { InterviewLook } from '../../activities/interviews/event-activity-types.js';
import type { InterviewInput } from '../../pipelines/interviews/contract/workflow-inputs.js';
import { INTERVIEW_SIGNALS } from '../../pipelines/interviews/contract/names.js';
import { continueAsNewIsDue } from '../shared/history.js';
import { refuseExcess, unwrapInvalidInput } from '../shared/invalid-input.js';
import { createDeliveries, type Deliveries } from './deliveries.js';
import { eventActivities } from './event-activities.js';

const jobEndedSignal = defineSignal<[InterviewInput]>(INTERVIEW_SIGNALS.jobEnded);

/** How an interview stood when there was nothing left to do. */
export interface InterviewTold {
  stage: InterviewLook['stage'];
  jobs: InterviewLook['jobs'];
  events: Deliveries['ended'];
}

/**
 * Tells the world how an interview ended. Each job that ends starts it or signals it; it reads how all jobs stand, records
 * that the interview has ended once that has settled, and delivers the events that are not delivered.
 *
 * All it knows stands in the database, so that it may end while jobs are still open: the next one starts it again.
 */
export async function interviewWorkflow(input: InterviewInput): Promise<InterviewTold> {
  const heard = { news: false };
  setHandler(jobEndedSignal, () => {
    heard.news = true;
  });
  refuseExcess(input);
  const deliveries = createDeliveries();
  try {
    for (;;) {
      const look = await settle(input, heard, deliveries);
      await condition(() => heard.news || deliveries.isAtRest());
      deliveries.throwIfBroken();
      if (!heard.news) return { stage: look.stage, jobs: look.jobs, events: { ...deliveries.ended } };
      if (continueAsNewIsDue(null)) break;
    }
  } finally {
    await deliveries.leave();
  }
  return continueAsNew<typeof interviewWorkflow>(input);
}

/** Looks until the interview is told, or has jobs that are still to end. */
async function settle(
  input: InterviewInput,
  heard: { news: boolean },
  deliveries: Deliveries,
): Promise<InterviewLook> {
  for (;;) {
    heard.news = false;
    const look = await unwrapInvalidInput(eventActivities.lookAtInterview(input));
    show(look, deliveries);
    if (look.stage !== 'ended') return look;
    const seconds = look.settle_seconds;
    if (seconds > 0 && (await condition(() => heard.news, seconds * 1000))) continue;
    const told = await unwrapInvalidInput(eventActivities.recordOutcome({ ...input, state: look.state }));
    show(told, deliveries);
    // A job was begun anew, or another one has ended: that has to settle as well.
    if (told.stage !== 'ended') return told;
  }
}

function show(look: InterviewLook, deliveries: Deliveries): void {
  deliveries.follow(look.waiting);
  const { open, ended } = look.jobs;
  setCurrentDetails(
    `**${look.stage}** · ${ended} of ${open + ended} jobs ended · ${look.waiting.length} events to deliver`,
  );
}
