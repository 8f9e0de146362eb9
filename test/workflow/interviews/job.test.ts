import { refusal, untilCancelled } from './activity-answers.js';
import { FakeInterviewJob } from './fake-interview-job.js';
import { causeOf, jobRuns } from './job-runs.js';

const { client, run, resultOf, failureOf } = jobRuns();

describe('a job of an interview', () => {
  test('goes from its object to its result, and tells the interview at the end', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job);

    expect(status).toMatchObject({ outcome: 'completed', status: 'completed', attempt: 1 });
    expect(job.calls).toEqual([
      'awaitObject',
      'startJob',
      'passMedia',
      'storeResult',
      'finishJob',
      'tellInterview',
    ]);
  });

  test('has each chunk sampled once while it is heard, and stores after the last', async () => {
    const job = new FakeInterviewJob(21);
    const sampled: number[] = [];
    const status = await resultOf(job, {
      sampleChunk: ({ k }) => {
        sampled.push(k);
        return Promise.resolve({ hash: 'h', bytes: 1 });
      },
      storeResult: ({ chunks, chunked }) => {
        expect([sampled.length, chunks, chunked]).toEqual([21, 21, true]);
        return Promise.resolve({ result_id: 'r1' });
      },
    });

    expect(status.chunks).toEqual({ total: 21, done: 21 });
    expect([...sampled].sort((one, other) => one - other)).toEqual([...Array(21).keys()]);
    expect(job.times('hearMedia')).toBe(1);
    expect(job.calls).not.toContain('passMedia');
  });

  test('whose chunk fails for good has the others stopped, and what is heard', async () => {
    const job = new FakeInterviewJob(3);
    await failureOf(job, {
      hearMedia: () => untilCancelled(),
      sampleChunk: ({ k }) => (k === 1 ? refusal('MediaRefused') : untilCancelled()),
    });

    expect(job.ended).toMatchObject([{ error_type: 'MediaRefused', again: 'never' }]);
    expect(job.calls).not.toContain('storeResult');
  });

  test('that another run has claimed ends quietly, and tells nobody', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job, { startJob: () => Promise.resolve({ superseded: true }) });

    expect(status.outcome).toBe('superseded');
    expect(job.calls).not.toContain('tellInterview');
  });

  test('whose claim is lost before its result is written ends quietly', async () => {
    const job = new FakeInterviewJob();
    const status = await resultOf(job, { storeResult: () => refusal('ClaimLost') });

    expect(status.outcome).toBe('superseded');
    expect(job.ended).toEqual([]);
  });

  test('that names another workflow id is refused in one line', async () => {
    const job = new FakeInterviewJob();
    const failure = await run(job, {}, async () =>
      causeOf(
        client().workflow.execute('interviewJobWorkflow', {
          workflowId: `${job.workflowId}-other`,
          taskQueue: job.taskQueue,
          args: [{ job_id: job.jobId }],
        }),
      ),
    );

    expect(failure.message).toBe(
      `interviewJobWorkflow: the workflow id is "${job.workflowId}-other"; expected "${job.workflowId}", so that a job is worked on once`,
    );
  });
});
