const INSTANT = new RegExp(
  [
    String.raw`^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})`,
    String.raw`[Tt ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,12}))?)?`,
    String.raw`(?:[Zz]|(?<sign>[+-])(?<offsetHours>\d{2})(?::?(?<offsetMinutes>\d{2}))?)$`,
  ].join(''),
);
const MOST_OFFSET_HOURS = 23;
const MS_PER_MINUTE = 60_000;

/**
 * Reads an ISO-8601 instant as other producers write it: without decimals or with microseconds, in UTC or at an offset.
 *
 * @returns the instant in the contract's form, UTC with three decimals (finer ones are cut off); undefined when the
 *   text is no instant: no
 *   such day or time, no offset, or a year beyond four digits
 */
export function readInstant(text: string): string | undefined {
  const parts = INSTANT.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { year, month, day, hour, minute, second = '00', fraction = '' } = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const localMs = Date.parse(local);
  // Date.parse carries 30 February over into March.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== local) return undefined;
  const [hours, minutes] = [Number(parts['offsetHours'] ?? 0), Number(parts['offsetMinutes'] ?? 0)];
  if (hours > MOST_OFFSET_HOURS || minutes > 59) return undefined;
  const offsetMs = (hours * 60 + minutes) * MS_PER_MINUTE * (parts['sign'] === '-' ? -1 : 1);
  const instant = new Date(localMs - offsetMs).toISOString();
  return /^\d{4}-/.test(instant) ? instant : undefined;
}
