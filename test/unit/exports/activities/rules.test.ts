import { pauseMs } from '../../../../src/activities/exports/await-ready.js';
import { mostOutstanding } from '../../../../src/activities/exports/capacity.js';
import { aheadInOrder } from '../../../../src/activities/exports/ahead-in-order.js';

describe('tasks that a job may have out', () => {
  test.each([
    [{ slots: 0, activeJobs: 0 }, 8],
    [{ slots: 4, activeJobs: 1 }, 8],
    [{ slots: 40, activeJobs: 1 }, 80],
    [{ slots: 40, activeJobs: 4 }, 20],
    [{ slots: 40, activeJobs: 100 }, 8],
  ])('%j: %d', (capacity, most) => {
    expect(mostOutstanding(capacity)).toBe(most);
  });
});

describe('the pause until an export is asked about again', () => {
  const plan = { started_at: '2026-11-27T10:00:00.000Z' };
  const after = (seconds: number): number => Date.parse(plan.started_at) + seconds * 1000;
  const pause = (asked: number | undefined, age: number, random = 0) =>
    pauseMs(plan, asked, after(age), () => random);

  test('is a second at first, and five per cent of the age later', () => {
    expect(pause(undefined, 0)).toBe(1_000);
    expect(pause(undefined, 600)).toBe(30_000);
  });

  test('is at least what the API asks for, and five minutes at most', () => {
    expect(pause(20_000, 10)).toBe(20_000);
    expect(pause(20_000, 10, 1)).toBe(22_000);
    expect(pause(3_600_000, 10)).toBe(300_000);
    expect(pause(undefined, 86_400, 1)).toBe(300_000);
  });

  test('is no less when a clock went back', () => {
    expect(pause(undefined, -3_600)).toBe(1_000);
  });
});

describe('work ahead', () => {
  async function* numbers(): AsyncIterable<number> {
    await Promise.resolve();
    for (let n = 0; n < 20; n++) yield n;
  }

  test('keeps the order of its items, and is never further ahead than told', async () => {
    let underWay = 0;
    let most = 0;
    const results: number[] = [];
    const work = async (n: number): Promise<number> => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn < (n * 7) % 5; turn++) await new Promise(setImmediate);
      underWay -= 1;
      return n * n;
    };
    for await (const result of aheadInOrder(numbers(), 4, work)) results.push(result);
    expect(results).toEqual(Array.from({ length: 20 }, (_, n) => n * n));
    expect(most).toBeLessThanOrEqual(5);
    expect(most).toBeGreaterThan(1);
  });

  test('throws in the turn of the item that failed', async () => {
    const results: number[] = [];
    const reading = (async () => {
      for await (const result of aheadInOrder(numbers(), 4, (n) =>
        n === 3 ? Promise.reject(new Error('three')) : Promise.resolve(n),
      ))
        results.push(result);
    })();
    await expect(reading).rejects.toThrow('three');
    expect(results).toEqual([0, 1, 2]);
  });
});
