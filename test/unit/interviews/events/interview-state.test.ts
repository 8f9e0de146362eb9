import { interviewState } from '../../../../src/pipelines/interviews/events/interview-state.js';
import { failedJob, job } from './jobs.js';

describe('the state of an interview', () => {
  it('is open while a job is', () => {
    expect(interviewState([job(1), job(2, { status: '1' })])).toMatchObject({
      ended: 'no',
      open: 1,
      completed: 1,
      failed: 0,
    });
  });

  it('is quiet once all jobs have ended, however they did', () => {
    expect(interviewState([job(1), failedJob(2)])).toMatchObject({
      ended: 'quiet',
      open: 0,
      completed: 1,
      failed: 1,
    });
  });

  it('is not ended without any job', () => {
    expect(interviewState([]).ended).toBe('no');
  });

  it.each([
    ['fewer', [job(1, { expected_jobs: 2 })], 'no'],
    ['as many', [job(1, { expected_jobs: 2 }), failedJob(2)], 'expected'],
    ['as many while another one runs', [job(1, { expected_jobs: 1 }), job(2, { status: '0' })], 'expected'],
    ['fewer than the greatest number', [job(1, { expected_jobs: 1 }), job(2, { expected_jobs: 3 })], 'no'],
  ])('with a number that is expected: %s', (_what, jobs, ended) => {
    expect(interviewState(jobs).ended).toBe(ended);
  });

  const before = interviewState([job(1), job(2)]).hash;
  it('has the same hash in any order', () => {
    expect(interviewState([job(2), job(1)]).hash).toBe(before);
  });

  it.each([
    ['a job more has ended', [job(1), job(2), job(3)]],
    ['a job was begun anew and has ended again', [job(1), job(2, { revision: 2 })]],
    ['another run has ended it', [job(1), job(2, { run_id: 'other' })]],
    ['it ended otherwise', [job(1), failedJob(2)]],
  ])('has another hash when %s', (_what, jobs) => {
    expect(interviewState(jobs).hash).not.toBe(before);
  });
});
