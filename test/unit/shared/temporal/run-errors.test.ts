import { ServiceError } from '@temporalio/client';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { noWorkerAnswered, toRunError, workflowTaskFails } from '../../../../src/temporal/runs/run-errors.js';

/** As the client throws what the server answered. */
function refused(code: number, details: string): Error {
  const cause = Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
  return new ServiceError('Failed to query Workflow', { cause });
}

describe('a query that nobody answers', () => {
  test.each([
    ['our time ran out', refused(4, 'Deadline exceeded')],
    ["the server's time ran out first, and it reset the stream", refused(1, 'Call cancelled')],
    [
      'the server knows of no poller',
      refused(9, 'no poller seen for task queue recently, worker may be down'),
    ],
  ])('is told from other failures when %s', (_when, error) => {
    expect(noWorkerAnswered(error)).toBe(true);
    expect(workflowTaskFails(error)).toBe(false);
  });

  test('is another matter than a run whose step fails in its worker', () => {
    const error = refused(9, 'Unable to query workflow due to Workflow Task in failed state.');
    expect(noWorkerAnswered(error)).toBe(false);
    expect(workflowTaskFails(error)).toBe(true);
    const told = toRunError(error, 'ingest:q', 'default');
    expect(told).toBeInstanceOf(DependencyUnavailable);
    expect(told.message).toMatch(/^ingest:q cannot answer: its last step failed/);
  });
});
