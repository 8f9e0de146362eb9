import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { InterviewEventActivities } from '../../activities/interviews/event-activity-types.js';
import { runOptions } from '../shared/activity-options.js';
import { describedActivities } from '../shared/described-activities.js';

/** What the Web UI writes beside an activity's name. */
const SUMMARIES: Readonly<Record<keyof InterviewEventActivities, string>> = {
  lookAtInterview: 'Read how the jobs of the interview stand',
  recordOutcome: 'Write down that the interview has ended',
  sendEvent: 'Post an event to the receiver',
};

const options: ActivityOptions = {
  // A try takes a minute at most, and what is written around it some seconds.
  ...runOptions('3 minutes'),
  // Whoever erases an interview waits for its workflow: nothing may be written or sent once it has ended.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

export const eventActivities = describedActivities<InterviewEventActivities>(SUMMARIES, options);
