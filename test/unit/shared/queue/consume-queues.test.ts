import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { consuming, longPolledQueue, message, settled } from './consumer-under-test.js';

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a consumer of several queues', () => {
  test('asks them in proportion to their weights while all have messages', async () => {
    const [high, normal, low] = [longPolledQueue(), longPolledQueue(), longPolledQueue()];
    const many = (body: string) => Array.from({ length: 100 }, () => message(body));
    const { begun } = consuming({
      queues: [
        { queue: high, weight: 8 },
        { queue: normal, weight: 3 },
        { queue: low, weight: 1 },
      ],
      places: 24,
    });
    high.waiting.push(...many('high'));
    normal.waiting.push(...many('normal'));
    low.waiting.push(...many('low'));
    high.arrive();
    await settled();
    await seconds(1);
    const count = (body: string) => begun.filter((one) => one.body === body).length;
    // The first receive, which waited at one of them, counts besides.
    expect([count('high'), count('normal'), count('low')]).toEqual([16, 6, 2]);
  });

  test('loses no time at one that is empty or away', async () => {
    const [high, low] = [longPolledQueue(), longPolledQueue()];
    high.broken = new DependencyUnavailable('away');
    low.waiting.push(...Array.from({ length: 50 }, () => message('low')));
    const { begun } = consuming({
      queues: [
        { queue: high, weight: 8 },
        { queue: low, weight: 1 },
      ],
      places: 50,
      random: () => 0.5,
    });
    await seconds(2);
    expect(begun).toHaveLength(50);
    expect(high.receives).toBeLessThan(10);
  });
});

test.each([
  [25, 20],
  [5, 5],
  [0, 1],
])('with %i seconds for stopping no poll is open for more than %i', async (shutdownGraceSeconds, most) => {
  const { queue } = consuming({ shutdownGraceSeconds });
  await settled();
  // SQS takes whole seconds.
  expect(queue.waits.map(Math.floor)).toEqual([most]);
});
