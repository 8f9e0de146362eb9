import type { InterviewEvent } from '../../../../src/pipelines/interviews/contract/event.js';
import {
  eventsToResend,
  type WhichEvents,
} from '../../../../src/pipelines/interviews/events/events-to-resend.js';

const event = (revision: number, changes: Partial<InterviewEvent> = {}): InterviewEvent => ({
  event_id: `e${revision}`,
  interview_id: 'i-1',
  revision,
  type: 'interview.completed',
  state: `s${revision}`,
  webhook_id: `w${revision}`,
  data: {},
  status: 'delivered',
  created_at: new Date(0),
  updated_at: new Date(0),
  tries: 1,
  ...changes,
});
const failure = (revision: number, job_id: string, changes: Partial<InterviewEvent> = {}): InterviewEvent =>
  event(revision, { type: 'interview.job_failed', job_id, ...changes });

describe('events to send again', () => {
  const events = [
    event(5),
    failure(4, 'b', { status: 'undelivered' }),
    failure(3, 'a'),
    event(2, { status: 'superseded' }),
    failure(1, 'b', { status: 'superseded' }),
  ];
  const chosen = (which?: WhichEvents): number[] => eventsToResend(events, which).map((one) => one.revision);

  it('are the last end, and failures of jobs that were not delivered', () => {
    expect(chosen().sort()).toEqual([4, 5]);
  });

  it('is the one of the revision that is asked for', () => {
    expect(chosen({ revision: 2 })).toEqual([2]);
    expect(chosen({ revision: 9 })).toEqual([]);
  });

  it('are those alone that never arrived, where that is asked for', () => {
    expect(chosen({ undelivered: true })).toEqual([4]);
  });
});
