import { ApplicationFailure } from '@temporalio/common';
import { JOB_HANDLERS } from '../../../src/pipelines/interviews/contract/job-handlers.js';
import { until } from '../../until.js';
import { atFirst, refusal } from './activity-answers.js';
import { FakeInterviewJob } from './fake-interview-job.js';
import { jobRuns } from './job-runs.js';

const { resultOf, failureOf } = jobRuns();

describe('a job of an interview', () => {
  test('waits again for an object that went away before it was claimed', async () => {
    const job = new FakeInterviewJob();
    const activities = job.activities();
    const status = await resultOf(job, {
      startJob: atFirst(
        1,
        () => Promise.resolve({ absent: true }),
        (input) => activities.startJob(input),
      ),
    });

    expect(status).toMatchObject({ outcome: 'completed', attempt: 1 });
    expect(job.times('awaitObject')).toBe(2);
  });

  test('that cannot be begun, though it was claimed, is tried again as any attempt', async () => {
    const job = new FakeInterviewJob();
    const activities = job.activities();
    const status = await resultOf(job, {
      startJob: atFirst(
        1,
        () => refusal('ObjectNotFound'),
        (input) => activities.startJob(input),
      ),
    });

    expect(status.outcome).toBe('completed');
    expect(job.ended).toMatchObject([{ error_type: 'ObjectNotFound', again: 'later' }]);
  });

  test('that can never be begun fails for good, also where nobody has claimed it', async () => {
    const job = new FakeInterviewJob();
    const failure = await failureOf(job, {
      startJob: () => refusal('ObjectForbidden'),
      endAttempt: () => Promise.resolve({ superseded: true }),
    });

    expect(failure.message).toContain('ObjectForbidden');
    expect(job.calls.slice(-2)).toEqual(['failJob', 'tellInterview']);
  });

  test('whose object never comes fails, and the interview is told', async () => {
    const job = new FakeInterviewJob();
    const failure = await failureOf(job, {
      awaitObject: () =>
        Promise.resolve({ refused: { error_type: 'NotReadyInTime', message: 'It did not come.' } }),
    });

    expect(failure.message).toContain('NotReadyInTime');
    expect(job.calls).toEqual(['awaitObject', 'failJob', 'tellInterview']);
  });
});

test('an event has a job look for its object at once', async () => {
  const job = new FakeInterviewJob();
  const told: boolean[] = [];
  const status = await resultOf(
    job,
    {
      awaitObject: (input) => {
        told.push(input.told);
        if (input.told) return Promise.resolve({ ready: true, attempts: 0 });
        throw ApplicationFailure.create({ type: 'NotReady', message: 'no', nextRetryDelay: '23h' });
      },
    },
    async (handle) => {
      await until(() => told.length > 0);
      await handle.signal(JOB_HANDLERS.objectArrived);
    },
  );

  expect(status.outcome).toBe('completed');
  expect(told.at(-1)).toBe(true);
});
