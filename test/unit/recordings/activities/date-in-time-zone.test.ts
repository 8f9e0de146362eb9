import fc from 'fast-check';
import { dateInTimeZone } from '../../../../src/activities/recordings/date-in-time-zone.js';

const at = (iso: string, zone: string, dayOffset = 0): string | undefined =>
  dateInTimeZone(new Date(iso), zone, dayOffset);

describe("the run's date", () => {
  test("is the time zone's, not UTC's", () => {
    expect(at('2025-12-20T20:00:00Z', 'UTC')).toBe('2025-12-20');
    expect(at('2025-12-20T20:00:00Z', 'Asia/Kolkata')).toBe('2025-12-21');
    expect(at('2025-12-20T02:00:00Z', 'America/New_York')).toBe('2025-12-19');
  });

  test('moves by calendar days over the ends of months and years', () => {
    expect(at('2026-01-01T12:00:00Z', 'UTC', -1)).toBe('2025-12-31');
    expect(at('2024-02-28T12:00:00Z', 'UTC', 1)).toBe('2024-02-29');
    expect(at('2025-02-28T12:00:00Z', 'UTC', 1)).toBe('2025-03-01');
  });

  test('skips and repeats no day where a day has 23 or 25 hours', () => {
    // Midnight exists twice, or not at all, on these days.
    expect(at('2025-10-26T23:30:00Z', 'Europe/Berlin', -1)).toBe('2025-10-26');
    expect(at('2025-03-30T21:59:00Z', 'Europe/Berlin', -1)).toBe('2025-03-29');
    expect(at('2025-09-07T12:00:00Z', 'America/Santiago', 0)).toBe('2025-09-07');
  });

  test('is unknown in a time zone that does not exist', () => {
    expect(at('2025-12-20T20:00:00Z', 'Asia/Pune')).toBeUndefined();
    expect(at('2025-12-20T20:00:00Z', '')).toBeUndefined();
  });

  test('moved by days and back again is the same', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia'),
        fc.integer({ min: -365, max: 365 }),
        (instant, zone, days) => {
          const moved = dateInTimeZone(instant, zone, days);
          expect(dateInTimeZone(new Date(`${moved}T12:00:00Z`), 'UTC', -days)).toBe(
            dateInTimeZone(instant, zone, 0),
          );
        },
      ),
    );
  });
});
