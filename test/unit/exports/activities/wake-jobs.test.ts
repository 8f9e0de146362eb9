import { createJobWaker } from '../../../../src/activities/exports/wake-jobs.js';

const JOB = { source: 'default', export_id: 'x' };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setup() {
  const told: number[] = [];
  const waker = createJobWaker({
    wake: (_id, files) => {
      told.push(files);
      return Promise.resolve();
    },
  });
  return { told, waker };
}

test('the first settled file is told at once, and those that follow together', () => {
  const { told, waker } = setup();
  for (let n = 0; n < 3; n++) waker.settled(JOB, 1);
  expect(told).toEqual([1]);
  jest.advanceTimersByTime(500);
  expect(told).toEqual([1, 2]);
});

test('ten thousand files in an hour are a few signals a minute', () => {
  const { told, waker } = setup();
  for (let n = 0; n < 10_000; n++) {
    waker.settled(JOB, 1);
    jest.advanceTimersByTime(360);
  }
  jest.advanceTimersByTime(60_000);
  expect(told.reduce((sum, files) => sum + files)).toBe(10_000);
  expect(told.length).toBeLessThan(130);
});

test('a job that was quiet for its pause is told at once again', () => {
  const { told, waker } = setup();
  waker.settled(JOB, 1);
  jest.advanceTimersByTime(500);
  waker.settled(JOB, 1);
  expect(told).toEqual([1, 1]);
});

test('what is left to tell is told at the end', async () => {
  const { told, waker } = setup();
  waker.settled(JOB, 1);
  waker.settled(JOB, 4);
  await waker.close();
  expect(told).toEqual([1, 4]);
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual([1, 4]);
});

test('a signal that is lost is as good as told', () => {
  const waker = createJobWaker({ wake: () => Promise.reject(new Error('gone')) });
  expect(() => waker.settled(JOB, 1)).not.toThrow();
});
