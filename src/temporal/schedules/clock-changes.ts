import { addDays, offsetMs } from './local-day.js';

/** What changes of clocks do to a schedule. */
export interface ClockChanges {
  /** Local moments (`2026-03-29 02:30`) that do not exist, at which a schedule does not fire. */
  left_out: string[];
  /** Local moments that come twice. */
  twice: string[];
}

const DAYS_AHEAD = 366;
const RANGES = { minute: [0, 59], hour: [0, 23], day: [1, 31], month: [1, 12], weekday: [0, 7] } as const;
const NAMES = ['jan feb mar apr may jun jul aug sep oct nov dec', 'sun mon tue wed thu fri sat'] as const;

/**
 * The moments of a cron expression that fall into a change of clocks within a year from `from`.
 *
 * @returns undefined for an expression that is not five plain fields
 * @throws RangeError for a time zone that the runtime does not know
 */
export function clockChanges(cron: string, timeZone: string, from: Date): ClockChanges | undefined {
  const fields = cron.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = Object.values(RANGES).map((range, place) =>
    valuesOf(fields[place]!, range, (NAMES[place - 3] ?? '').split(' '), place === 3 ? 1 : 0),
  );
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const changes: ClockChanges = { left_out: [], twice: [] };
  const first = from.toISOString().slice(0, 10);
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const date = addDays(first, day);
    const midnight = Date.parse(`${date}T00:00:00.000Z`);
    const at = new Date(midnight);
    const weekday = at.getUTCDay();
    const matches =
      days.has(at.getUTCDate()) &&
      months.has(at.getUTCMonth() + 1) &&
      (weekdays.has(weekday) || (weekday === 0 && weekdays.has(7)));
    if (!matches) continue;
    // Either side of every zone's night; no change, no question.
    const before = offsetMs(new Date(midnight - DAY_MS), timeZone);
    const after = offsetMs(new Date(midnight + 2 * DAY_MS), timeZone);
    if (before === after) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const local = midnight + (hour * 60 + minute) * MINUTE_MS;
        const instants = [before, after].filter(
          (offset) => offsetMs(new Date(local - offset), timeZone) === offset,
        );
        if (instants.length === 1) continue;
        const moment = `${date} ${pad(hour)}:${pad(minute)}`;
        (instants.length === 0 ? changes.left_out : changes.twice).push(moment);
      }
    }
  }
  return changes;
}

/** The same expression an hour or more later that no change of clocks touches; undefined where several hours are named. */
export function untouchedBy(cron: string, timeZone: string, from: Date): string | undefined {
  const [minute, hour, ...rest] = cron.trim().split(/\s+/);
  if (!/^\d+$/.test(hour ?? '')) return undefined;
  for (let later = Number(hour) + 1; later < 24; later++) {
    const candidate = [minute, later, ...rest].join(' ');
    const changes = clockChanges(candidate, timeZone, from);
    if (changes?.left_out.length === 0 && changes.twice.length === 0) return candidate;
  }
  return undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const pad = (value: number): string => String(value).padStart(2, '0');

/** `*`, `5`, `1-5`, `*\/15`, `mon-fri` and lists of these; undefined for anything else. */
function valuesOf(
  field: string,
  [lowest, highest]: readonly [number, number],
  names: readonly string[],
  firstName: number,
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  const valueOf = (text: string): number =>
    names.includes(text) ? names.indexOf(text) + firstName : /^\d+$/.test(text) ? Number(text) : NaN;
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to = from] = range === '*' ? [String(lowest), String(highest)] : range.split('-');
    const start = valueOf(from);
    const end = part.includes('/') && to === from ? highest : valueOf(to);
    const every = Number(step);
    if (!(start >= lowest && end <= highest && start <= end && every >= 1)) return undefined;
    for (let value = start; value <= end; value += every) values.add(value);
  }
  return values;
}
