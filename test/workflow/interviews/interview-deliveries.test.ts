import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { until } from '../../until.js';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { failed, FakeInterview } from './fake-interview.js';

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

  test('is tried again after the pause that the try has named, days if need be', async () => {
    interview.answers = [failed(5), failed(86_400)];
    const started = await environment.currentTimeMs();
    const { events } = await interview.run();
    expect(events.delivered).toBe(1);
    expect(interview.sent).toEqual(['send s1', 'send s1', 'send s1']);
    expect(await environment.currentTimeMs()).toBeGreaterThanOrEqual(started + 86_405_000);
  });

  test('stops trying when no try is left', async () => {
    interview.answers = [failed(5), { outcome: 'undelivered' }];
    expect((await interview.run()).events).toMatchObject({ delivered: 0, undelivered: 1 });
    expect(interview.sent).toHaveLength(2);
  });

  test('waits no longer for an event that a newer one has superseded', async () => {
    interview.settleSeconds = 0;
    interview.answers = [failed(86_400)];
    await interview.during(async () => {
      const handle = await interview.tell();
      await until(() => interview.sent.length === 1, 0);
      interview.state = 's2';
      await interview.tell();
      const { events } = await handle.result();
      expect(events).toMatchObject({ delivered: 1, left: 1 });
      expect(interview.sent).toEqual(['send s1', 'send s2']);
    });
  });

  test('tries at once what waits for its next try, when somebody wants it sent again', async () => {
    interview.settleSeconds = 0;
    interview.answers = [failed(86_400)];
    const looks = (): number => interview.calls.filter((call) => call === 'look').length;
    await interview.during(async () => {
      const handle = await interview.tell();
      await until(() => interview.sent.length === 1, 0);
      const before = looks();
      await interview.tell();
      await until(() => looks() > before, 0);
      expect(interview.sent).toHaveLength(1);
      interview.waits.clear();
      await interview.tell();
      await until(() => interview.sent.length === 2, 0);
      expect((await handle.result()).events).toMatchObject({ delivered: 1, left: 0 });
    });
  });

  test('delivers several events each by itself', async () => {
    interview.told.add('s1');
    interview.waiting = ['failure', 's1'];
    interview.answers = [failed(3_600), failed(3_600)];
    const { events } = await interview.run();
    expect(events.delivered).toBe(2);
    expect([...interview.sent].sort()).toEqual(['send failure', 'send failure', 'send s1', 'send s1']);
  });

  test('that is cancelled lets the try that is being made end, and makes no other', async () => {
    interview.settleSeconds = 0;
    interview.answers = [failed(60)];
    await interview.during(async () => {
      const handle = await interview.tell();
      await until(() => interview.sent.length === 1, 0);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
    expect(interview.sent).toHaveLength(1);
  });
});
