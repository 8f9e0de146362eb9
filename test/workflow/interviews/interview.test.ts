import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { FakeInterview } from './fake-interview.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.teardown());

describe('an interview', () => {
  let interview: FakeInterview;
  beforeEach(() => {
    interview = new FakeInterview(environment);
  });

  test('is told once its jobs have been quiet for the time they are given', async () => {
    const started = await environment.currentTimeMs();
    const result = await interview.run();
    expect(result).toEqual({
      stage: 'told',
      jobs: { open: 0, ended: 1 },
      events: { delivered: 1, undelivered: 0, dropped: 0, left: 0 },
    });
    expect(interview.sent).toEqual(['send s1']);
    expect(await environment.currentTimeMs()).toBeGreaterThanOrEqual(started + 30_000);
  });

  test('is told at once where as many jobs have ended as are expected', async () => {
    interview.settleSeconds = 0;
    await interview.run();
    expect(interview.sent).toEqual(['send s1']);
    const { events } = await environment.client.workflow.getHandle(interview.workflowId).fetchHistory();
    expect(events?.filter(({ timerStartedEventAttributes: timer }) => timer != null)).toEqual([]);
  });

  test('ends quietly while jobs are open, and is told when it is started again', async () => {
    interview.open = 1;
    expect((await interview.run()).stage).toBe('open');
    expect(interview.sent).toEqual([]);

    interview.open = 0;
    expect((await interview.run()).stage).toBe('told');
    expect(interview.sent).toEqual(['send s1']);
  });

  test('is told as it is after it has settled again, when a job ends meanwhile', async () => {
    interview.onRecord = () => {
      if (interview.state === 's1') interview.state = 's2';
    };
    await interview.run();
    expect(interview.calls.filter((call) => call.startsWith('record'))).toEqual(['record s1', 'record s2']);
    expect(interview.sent).toEqual(['send s2']);
  });

  test('is not told again when nothing has changed', async () => {
    await interview.run();
    await interview.run();
    expect(interview.sent).toEqual(['send s1']);
  });

  test('is told again, once, after another job has ended', async () => {
    await interview.run();
    interview.state = 's2';
    await interview.run();
    expect(interview.sent).toEqual(['send s1', 'send s2']);
  });

  test('ends where its jobs are gone', async () => {
    interview.gone = true;
    expect((await interview.run()).stage).toBe('gone');
    expect(interview.calls).toEqual(['look']);
  });

  test('fails with a readable line where its input is none', async () => {
    const refused = interview.run({
      lookAtInterview: () =>
        Promise.reject(ApplicationFailure.nonRetryable('job_id: must be 24 hex digits', 'InvalidInput')),
    });
    await expect(refused).rejects.toMatchObject({
      cause: { message: 'job_id: must be 24 hex digits', type: 'InvalidInput' },
    });
  });
});
