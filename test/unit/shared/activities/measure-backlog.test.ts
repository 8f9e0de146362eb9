import { createMeasureBacklogActivity } from '../../../../src/activities/shared/measure-backlog.js';
import type { Places } from '../../../../src/contract/backlog.js';
import type { MessageQueue } from '../../../../src/queue/message-queue.js';
import { placesOf, workerIdentity } from '../../../../src/temporal/live-worker.js';

const URL = 'http://localhost:4566/000000000000/recordings';
const queue = { depth: () => Promise.resolve({ visible: 7, in_flight: 0, delayed: 0 }) };

function measured(places: Places, most: number | null) {
  const activity = createMeasureBacklogActivity({
    queueFor: () => queue as unknown as MessageQueue,
    workerPlaces: () => Promise.resolve(places),
  });
  return activity.measureBacklog({ queue_url: URL, max_concurrency: most });
}

test.each([
  ['all of them', [4, 2, 8], null, 14],
  ['at most so many of each as the run allows', [4, 2, 8], 3, 8],
  ['nothing, when one does not say', [4, undefined], null, undefined],
  ['none, when nobody is there', [], null, 0],
])('the places of hosts: %s', async (_which, places, most, sum) => {
  const backlog = await measured(places, most);
  expect(backlog).toEqual({
    visible: 7,
    in_flight: 0,
    delayed: 0,
    inference_workers: places.length,
    ...(sum !== undefined && { places: sum }),
  });
});

test('a worker says in its identity what it takes, and others say nothing', () => {
  expect(placesOf(workerIdentity(12))).toBe(12);
  expect(placesOf(workerIdentity())).toBeUndefined();
  expect(placesOf('7@host places=many')).toBeUndefined();
  expect(placesOf(null)).toBeUndefined();
});
