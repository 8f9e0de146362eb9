import { endOf, failureOf } from '../../../../src/pipelines/interviews/events/event-of.js';
import { failedJob, job } from './jobs.js';

describe('what is told of an interview', () => {
  it('is ids, counts and links, and no key', () => {
    const { type, data } = endOf('i/1', [job(1), failedJob(2), job(3, { status: '0' })]);
    expect(type).toBe('interview.completed');
    expect(data).toEqual({
      interview_id: 'i/1',
      jobs: { total: 3, completed: 1, failed: 1, open: 1 },
      media: [
        { job_id: '1'.repeat(24), interview_type: 'video', status: '3', result_id: 'result-1' },
        { job_id: '2'.repeat(24), interview_type: 'video', status: '2', error_type: 'MediaRefused' },
      ],
      links: { interview: '/api/v1/interviews/i%2F1' },
    });
    expect(JSON.stringify(data)).not.toContain('secret');
  });

  it('is a failure where no job has a result', () => {
    expect(endOf('i-1', [failedJob(1), failedJob(2)]).type).toBe('interview.failed');
  });

  it('stays small however many media there are', () => {
    const jobs = Array.from({ length: 500 }, (_, index) =>
      job(1, { job_id: String(index).padStart(24, '0') }),
    );
    const { data } = endOf('i-1', jobs);
    expect(data).toMatchObject({ jobs: { total: 500 } });
    expect(JSON.stringify(data).length).toBeLessThan(20_000);
  });

  it('says of a failed job what the failure notification says', () => {
    expect(failureOf(failedJob(2))).toMatchObject({
      type: 'interview.job_failed',
      job_id: '2'.repeat(24),
      data: {
        interview_id: 'i-1',
        interview_type: 'video',
        error_message: 'The medium has no video stream.',
        error_type: 'MediaRefused',
      },
    });
  });
});
