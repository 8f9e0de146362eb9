const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/**
 * When the day of an instant began in a time zone, to the minute: where clocks change at midnight, a day begins with the first
 * minute that has its date.
 *
 * @param timeZone an IANA name
 */
export function startOfDay(now: Date, timeZone: string): Date {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
  });
  const today = format.format(now);
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  // No day is longer than 25 hours, and the date of the lower end is another one.
  let [before, since] = [minute - (DAY_MS + 2 * 3_600_000) / MINUTE_MS, minute];
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (format.format(middle * MINUTE_MS) === today) since = middle;
    else before = middle;
  }
  return new Date(since * MINUTE_MS);
}
