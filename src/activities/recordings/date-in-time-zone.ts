const MS_PER_DAY = 86_400_000;

/**
 * The calendar date (`YYYY-MM-DD`) of an instant in a time zone, moved by whole days.
 *
 * @returns undefined when the runtime knows no such time zone
 */
export function dateInTimeZone(instant: Date, timeZone: string, dayOffset: number): string | undefined {
  let local: string;
  try {
    // The Canadian locale writes dates as ISO 8601 does.
    local = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(instant);
  } catch {
    return undefined;
  }
  // Days are moved in UTC, where each has 24 hours, so that summer time cannot skip or repeat one.
  return new Date(Date.parse(`${local}T00:00:00.000Z`) + dayOffset * MS_PER_DAY).toISOString().slice(0, 10);
}
