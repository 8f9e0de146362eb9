import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { JOB_HANDLERS } from '../../../src/pipelines/interviews/contract/job-handlers.js';
import { until } from '../../until.js';
import { untilCancelled } from './activity-answers.js';
import { FakeInterviewJob } from './fake-interview-job.js';
import { jobRuns } from './job-runs.js';

const { resultOf, failureOf } = jobRuns();

describe('a job that is cancelled', () => {
  test('by signal stops its work, fails, and says so', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job, { passMedia: () => untilCancelled() }, async (handle) => {
      await until(() => job.times('passMedia') > 0);
      await handle.signal(JOB_HANDLERS.cancel);
    });

    expect(status).toMatchObject({ outcome: 'cancelled', status: 'stopped' });
    expect(job.ended).toMatchObject([{ error_type: 'Cancelled', again: 'never' }]);
    expect(job.calls).toContain('finishJob');
  });

  test('by Temporal while it waits for its object ends as cancelled', async () => {
    const job = new FakeInterviewJob();
    const failure = await failureOf(
      job,
      {
        awaitObject: () => {
          throw ApplicationFailure.create({ type: 'NotReady', message: 'no', nextRetryDelay: '30s' });
        },
        endAttempt: () => Promise.resolve({ superseded: true }),
      },
      async (handle) => {
        await until(() => job.times('awaitObject') > 0);
        await handle.cancel();
      },
    );

    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(job.calls).toContain('failJob');
  });
});
