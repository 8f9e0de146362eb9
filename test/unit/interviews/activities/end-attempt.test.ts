import { createEndAttemptActivities } from '../../../../src/activities/interviews/end-attempt.js';
import { InvalidJob } from '../../../../src/pipelines/interviews/jobs/job-errors.js';
import type { InterviewJob } from '../../../../src/pipelines/interviews/contract/job.js';
import type { InterviewResult } from '../../../../src/pipelines/interviews/contract/result.js';
import type { JobOutcome } from '../../../../src/pipelines/interviews/contract/job-run.js';
import type { EndedJob } from '../../../../src/pipelines/interviews/jobs/interview-jobs.js';
import { resultId } from '../../../../src/pipelines/interviews/results/result-id.js';
import { silentLogger } from '../../../../src/platform/logging/logger.js';

const JOB = {
  ...{ job_id: 'a'.repeat(24), run_id: 'run-1', etag: '"e2"' },
  ...{ interview_id: 'one', interview_type: 'video', bucket: 'media', key: 'k' },
} as InterviewJob;
const ID = resultId(JOB, '"e2"');
const RESULT = { _id: ID, run_id: 'run-1', timings: { seconds: 3 } } as InterviewResult;
const LOST = { error_type: 'WorkerLost', message: 'The process was lost.' };

/** What became of an attempt's end, by the job's and its result's documents. @param ended what the write that ends the job finds */
function ending(
  job: InterviewJob | Error | undefined,
  stored: readonly InterviewResult[],
  ended: EndedJob = 'now',
) {
  const written: string[] = [];
  const counted: JobOutcome[] = [];
  const { endAttempt } = createEndAttemptActivities({
    config: { JOB_RETRY_DELAY: 300 },
    jobs: {
      get: () => (job instanceof Error ? Promise.reject(job) : Promise.resolve(job)),
      complete: (_id, run, { resultId: id, etag }) => (
        written.push(`completed ${run} ${id === ID} ${etag}`),
        Promise.resolve(ended)
      ),
      fail: () => (written.push('failed'), Promise.resolve(ended)),
      reschedule: () => (written.push('rescheduled'), Promise.resolve(true)),
    },
    results: { get: (id) => Promise.resolve(stored.find(({ _id }) => _id === id)) },
    metrics: { jobEnded: (outcome) => counted.push(outcome), attemptFailed: () => undefined },
    log: silentLogger,
  });
  return { written, counted, endAttempt };
}

const ref = { job_id: JOB.job_id, run_id: 'run-1' };

describe('an attempt whose process is gone', () => {
  test.each(['later', 'at_once', 'never'] as const)(
    'completes the job where its result is stored (%s)',
    async (again) => {
      const { written, counted, endAttempt } = ending(JOB, [RESULT]);
      expect(await endAttempt({ ...ref, ...LOST, again })).toEqual({ result_id: ID });
      expect(written).toEqual(['completed run-1 true "e2"']);
      expect(counted).toEqual(['completed']);
    },
  );

  test('counts no job that it had completed before it was lost', async () => {
    const { counted, endAttempt } = ending(JOB, [RESULT], 'before');
    expect(await endAttempt({ ...ref, ...LOST, again: 'later' })).toEqual({ result_id: ID });
    expect(counted).toEqual([]);
  });

  test.each<[string, InterviewJob | Error | undefined, InterviewResult[]]>([
    ['there is none', JOB, []],
    ['it is of the object before', { ...JOB, etag: '"e3"' }, [RESULT]],
    ['it is another run’s', JOB, [{ ...RESULT, run_id: 'run-0' }]],
    ['another one has taken its place', JOB, [{ ...RESULT, superseded_by: 'other' }]],
    ['the job is another run’s', { ...JOB, run_id: 'run-2' }, [RESULT]],
    ['the job’s document is gone', undefined, [RESULT]],
    ['the job’s document cannot be read', new InvalidJob('bucket: expected a name'), [RESULT]],
  ])('is made again where %s', async (_, job, stored) => {
    const { written, endAttempt } = ending(job, stored);
    expect(await endAttempt({ ...ref, ...LOST, again: 'later' })).toEqual({ retry_in_seconds: 300 });
    expect(written).toEqual(['rescheduled']);
  });

  test('fails the job where it was the last one', async () => {
    const { written, endAttempt } = ending(JOB, []);
    expect(await endAttempt({ ...ref, ...LOST, again: 'never' })).toEqual({ failed: true });
    expect(written).toEqual(['failed']);
  });
});

test('a job that an earlier try has failed, whose answer was lost, is counted once', async () => {
  const failure = { ...ref, error_type: 'MediaRefused', message: 'undecodable', again: 'never' } as const;
  const first = ending(JOB, []);
  const second = ending(JOB, [], 'before');
  expect(await first.endAttempt(failure)).toEqual({ failed: true });
  expect(await second.endAttempt(failure)).toEqual({ failed: true });
  expect([...first.counted, ...second.counted]).toEqual(['failed']);
});

test('an attempt that failed by itself is not asked for a result', async () => {
  const { written, endAttempt } = ending(JOB, [RESULT]);
  const failure = { error_type: 'MediaRefused', message: 'undecodable' };
  expect(await endAttempt({ ...ref, ...failure, again: 'never' })).toEqual({ failed: true });
  expect(written).toEqual(['failed']);
});
