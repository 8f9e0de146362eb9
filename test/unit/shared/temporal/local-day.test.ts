import { addDays, startOfDay } from '../../../../src/temporal/schedules/local-day.js';

describe('the beginning of a day', () => {
  test.each([
    ['2025-12-20', 'Asia/Kolkata', '2025-12-19T18:30:00.000Z'],
    ['2025-12-20', 'UTC', '2025-12-20T00:00:00.000Z'],
    ['2025-12-20', 'Pacific/Auckland', '2025-12-19T11:00:00.000Z'],
    ['2025-12-20', 'America/Los_Angeles', '2025-12-20T08:00:00.000Z'],
    // The days on which clocks change, and the ones after.
    ['2025-03-30', 'Europe/Berlin', '2025-03-29T23:00:00.000Z'],
    ['2025-03-31', 'Europe/Berlin', '2025-03-30T22:00:00.000Z'],
    ['2025-10-26', 'Europe/Berlin', '2025-10-25T22:00:00.000Z'],
    ['2025-10-27', 'Europe/Berlin', '2025-10-26T23:00:00.000Z'],
  ])('%s in %s is %s', (date, timeZone, expected) => {
    expect(startOfDay(date, timeZone).toISOString()).toBe(expected);
  });

  test('is not known where the time zone is not', () => {
    expect(() => startOfDay('2025-12-20', 'Asia/Poona')).toThrow(RangeError);
  });
});

test('a date is moved by whole days, over a leap day too', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(addDays('2025-01-01', -1)).toBe('2024-12-31');
});
