import { trustedTime } from '#vachan/activities/shared/temporal-clock.js';
import { activityEnvironment } from './in-activity.js';

const SCHEDULED = Date.parse('2026-01-02T03:04:05.000Z');
const HOUR_MS = 3_600_000;

test.each([
  ['its own, where that is near Temporal’s', SCHEDULED + 1_500, SCHEDULED + 1_500],
  ['Temporal’s, where its own is an hour ahead', SCHEDULED + HOUR_MS, SCHEDULED],
  ['Temporal’s, where its own is an hour behind', SCHEDULED - HOUR_MS, SCHEDULED],
])('a process tells others the time by %s', async (_, own, told) => {
  const environment = activityEnvironment({ currentAttemptScheduledTimestampMs: SCHEDULED });
  const time = await environment.run(() => Promise.resolve(trustedTime(() => own)));
  expect(time).toEqual(new Date(told));
});
