import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { interviewJobWorkflow } from '../../../src/workflows/interviews/job.js';
import { createRealTimeEnvironment } from '../workflow-environment.js';
import type { FakeInterviewJob, InterviewActivities } from './fake-interview-job.js';

type Changes = Partial<InterviewActivities>;
type Handle = WorkflowHandle<typeof interviewJobWorkflow>;

/** What the workflow failed of. */
export async function causeOf(result: Promise<unknown>): Promise<Error> {
  const error: unknown = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause as Error;
}

/**
 * Has the tests of a file share one server. Each run starts a job, lets the test act `meanwhile`, and waits until the
 * job has ended: well in `resultOf`, as a failed workflow in `failureOf`.
 */
export function jobRuns() {
  let environment: TestWorkflowEnvironment;
  // In real time: the test server skips no time any more once an activity that nobody waits for was cancelled.
  beforeAll(async () => {
    environment = await createRealTimeEnvironment();
  });
  afterAll(() => environment.teardown());

  const run = <T>(
    job: FakeInterviewJob,
    changes: Changes,
    work: (handle: Handle) => Promise<T>,
  ): Promise<T> => job.run(environment, changes, work);
  const nothing = (_: Handle): Promise<void> => Promise.resolve();

  return {
    client: () => environment.client,
    run,
    resultOf: (job: FakeInterviewJob, changes: Changes = {}, meanwhile = nothing) =>
      run(job, changes, async (handle) => {
        await meanwhile(handle);
        return handle.result();
      }),
    failureOf: (job: FakeInterviewJob, changes: Changes = {}, meanwhile = nothing) =>
      run(job, changes, async (handle) => {
        await meanwhile(handle);
        return causeOf(handle.result());
      }),
  };
}
