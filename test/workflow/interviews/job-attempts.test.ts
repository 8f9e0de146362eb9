import { ApplicationFailure } from '@temporalio/common';
import { atFirst, refusal, untilCancelled } from './activity-answers.js';
import { FakeInterviewJob, type InterviewActivities } from './fake-interview-job.js';
import { jobRuns } from './job-runs.js';

const { resultOf, failureOf } = jobRuns();

/** A pass over the media that fails so many times, for a reason that may pass, and then comes to its end. */
const passFailing = (times: number, message: string, type: string): InterviewActivities['passMedia'] =>
  atFirst(
    times,
    () => {
      throw ApplicationFailure.retryable(message, type);
    },
    () => Promise.resolve({ hash: 'h', bytes: 1, chunks: 1 }),
  );

describe('an attempt that fails', () => {
  test('for good fails the job at once', async () => {
    const job = new FakeInterviewJob();
    const failure = await failureOf(job, { passMedia: () => refusal('MediaRefused') });

    expect(failure.message).toContain('failed as MediaRefused, after 1 attempts');
    expect(job.ended).toMatchObject([
      { error_type: 'MediaRefused', message: 'refused as MediaRefused', again: 'never' },
    ]);
    expect(job.calls.at(-1)).toBe('tellInterview');
  });

  test('for a reason that may pass is made again, three times in all', async () => {
    const job = new FakeInterviewJob();
    await failureOf(job, {
      // Tried again by another attempt alone: a store that is away would be, within this one, for some seconds.
      passMedia: () => refusal('ObjectNotFound'),
    });

    expect(job.ended.map(({ again }) => again)).toEqual(['later', 'later', 'never']);
    expect(job.times('startJob')).toBe(3);
    expect(job.times('finishJob')).toBe(3);
  });

  test('since its object was replaced reads the new one in the next', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job, { passMedia: passFailing(1, 'another object', 'MediaChanged') });

    expect(job.times('passMedia')).toBe(2);
    expect(job.ended).toMatchObject([{ error_type: 'MediaChanged', again: 'later' }]);
    expect(status).toMatchObject({ outcome: 'completed', attempt: 2 });
  });

  test('with its process, which was stopped, is made again at once and counts for nothing', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job, { passMedia: passFailing(4, 'given back', 'PlaceGone') });

    expect(status).toMatchObject({ outcome: 'completed', attempt: 5 });
    expect(job.ended.map(({ again }) => again)).toEqual(['at_once', 'at_once', 'at_once', 'at_once']);
  });

  test('with its process, which had stored the result, completes the job', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job, {
      storeResult: () => Promise.reject(ApplicationFailure.retryable('given back', 'PlaceGone')),
      endAttempt: () => Promise.resolve({ result_id: 'r1' }),
    });

    expect(status).toMatchObject({ outcome: 'completed', attempt: 1 });
    expect(job.times('tellInterview')).toBe(1);
  });

  test('is one that takes longer than the job may, whose steps are stopped', async () => {
    const job = new FakeInterviewJob();
    const activities = job.activities();
    await failureOf(job, {
      startJob: async (input) => ({ ...(await activities.startJob(input)), timeout_seconds: 0.5 }),
      passMedia: () => untilCancelled(),
    });

    expect(job.ended.map(({ error_type: type, again }) => [type, again])).toEqual([
      ['Timeout', 'later'],
      ['Timeout', 'later'],
      ['Timeout', 'never'],
    ]);
  });
});
