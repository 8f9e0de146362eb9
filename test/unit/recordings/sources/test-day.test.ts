import { isOfTestDay, testDay } from '../../../../src/pipelines/recordings/sources/test-day.js';

const of = (value: unknown, timeZone = 'UTC', date = '2025-12-20'): boolean =>
  isOfTestDay(value, testDay(date, timeZone));

describe('a value is of the test date', () => {
  test.each([
    ['its text', '2025-12-20'],
    ['its text with a space behind', '2025-12-20 '],
    ['its text behind a byte order mark', '\ufeff2025-12-20'],
    ['a Date at UTC midnight', new Date('2025-12-20T00:00:00Z')],
    ['a Date at noon', new Date('2025-12-20T12:00:00Z')],
    ['an ISO text in UTC', '2025-12-20T00:00:00.000Z'],
    ["an ISO text of Python's", '2025-12-20T18:30:00.123456+00:00'],
    ['a text with an offset, whose own date counts', '2025-12-20T00:00:00+05:30'],
    ['a text with an offset without a colon', '2025-12-20T00:00:00.000-0800'],
    ['a text with a time and no zone', '2025-12-20 09:30:00'],
  ])('when it is %s', (_, value) => {
    expect(of(value)).toBe(true);
  });

  test.each([
    ['another date', '2025-12-21'],
    ['midnight in India, on the day before in UTC', new Date('2025-12-19T18:30:00Z')],
    ['the same as text', '2025-12-19T18:30:00.000Z'],
    ['a date the other way round', '20-12-2025'],
    ['a date with something behind it', '2025-12-20 (Saturday)'],
    ['an hour that there is not', '2025-12-20T25:00:00Z'],
    ['an invalid Date', new Date(NaN)],
    ['a number', 1766188800000],
    ['a list', ['2025-12-20']],
    ['nothing', null],
    ['a megabyte', '2025-12-20'.padEnd(1_000_000)],
  ])('but not when it is %s', (_, value) => {
    expect(of(value)).toBe(false);
  });
});

describe('in the time zone of the source', () => {
  const midnightInIndia = new Date('2025-12-19T18:30:00Z');

  test('a timestamp counts for the calendar day there', () => {
    expect(of(midnightInIndia, 'Asia/Kolkata')).toBe(true);
    expect(of('2025-12-19T18:30:00.000Z', 'Asia/Kolkata')).toBe(true);
    expect(of(new Date('2025-12-20T18:30:00Z'), 'Asia/Kolkata')).toBe(false);
    expect(of(new Date('2025-12-20T18:29:59.999Z'), 'Asia/Kolkata')).toBe(true);
  });

  test('a Date at UTC midnight stays the date that it was stored as', () => {
    for (const zone of ['Asia/Kolkata', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      expect(of(new Date('2025-12-20T00:00:00Z'), zone)).toBe(true);
      expect(of(new Date('2025-12-21T00:00:00Z'), zone)).toBe(false);
      expect(of('2025-12-20', zone)).toBe(true);
    }
  });

  test('a day has 23 or 25 hours where the clocks change, and begins late where midnight is skipped', () => {
    const hours = (date: string, zone: string): number => {
      const day = testDay(date, zone);
      return (day.untilMs - day.fromMs) / 3_600_000;
    };
    expect(hours('2025-03-30', 'Europe/Berlin')).toBe(23);
    expect(hours('2025-10-26', 'Europe/Berlin')).toBe(25);
    expect(testDay('2025-09-07', 'America/Santiago').fromMs).toBe(Date.parse('2025-09-07T04:00:00Z'));
  });
});
