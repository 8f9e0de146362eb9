import { Context } from '@temporalio/activity';
import { atActivityBoundary } from '../../../../src/activities/shared/activity-boundary.js';
import { keepProgress } from '../../../../src/activities/shared/progress.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { activityEnvironment } from './in-activity.js';

/** Runs an activity for so many heartbeats and returns their details. */
async function heartbeatsOf(activity: () => void, before?: unknown): Promise<unknown[]> {
  const environment = activityEnvironment(before === undefined ? {} : { heartbeatDetails: before });
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const { work } = atActivityBoundary(
    {
      work: async () => {
        activity();
        await jest.advanceTimersByTimeAsync(11_000);
      },
    },
    recordingLogger(),
  );
  await environment.run(() => work());
  return heartbeats;
}

describe('heartbeats', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('carry how far this attempt got, as it goes on', async () => {
    const sent = ['a'];
    const heartbeats = await heartbeatsOf(() => {
      keepProgress(Context.current(), () => ({ sent: [...sent] }));
      setTimeout(() => sent.push('b'), 7_000);
    });
    expect(heartbeats).toEqual([{ sent: ['a'] }, { sent: ['a', 'b'] }]);
  });

  test('do not take away what the attempt before had left', async () => {
    const before = { sent: ['a'] };
    expect(await heartbeatsOf(() => undefined, before)).toEqual([before, before]);
  });

  test('carry nothing where nobody left anything', async () => {
    expect(await heartbeatsOf(() => undefined)).toEqual([undefined, undefined]);
  });
});
