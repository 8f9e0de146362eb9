/**
 * The instant at which a calendar date (`YYYY-MM-DD`) begins in a time zone.
 *
 * @throws RangeError for a time zone that the runtime does not know
 */
export function startOfDay(date: string, timeZone: string): Date {
  const utcMs = Date.parse(`${date}T00:00:00.000Z`);
  // Twice, since the offset at the first guess may be that of the other side of a change of clocks.
  const guessMs = utcMs - offsetMs(new Date(utcMs), timeZone);
  return new Date(utcMs - offsetMs(new Date(guessMs), timeZone));
}

/** How far a time zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetMs(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((one) => one.type === type)?.value);
  const localMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return localMs - Math.floor(instant.getTime() / 1000) * 1000;
}

/** A date moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
