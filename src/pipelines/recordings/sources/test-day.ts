import { toUtcMidnight } from '../../../contract/dates.js';
import { comparableText } from '../contract/subject-name.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A test date, and the instants that belong to it in the time zone of the source. */
export interface TestDay {
  /** `YYYY-MM-DD` */
  date: string;
  /** The date's UTC midnight, which is the date itself wherever it is stored as a Date. */
  midnightMs: number;
  /** The calendar day in the time zone: from (inclusive) to (exclusive), milliseconds since the epoch. */
  fromMs: number;
  untilMs: number;
}

/** @param timeZone IANA name, as `TEST_DATE_TIME_ZONE` */
export function testDay(date: string, timeZone: string): TestDay {
  const midnightMs = toUtcMidnight(date).getTime();
  return {
    date,
    midnightMs,
    fromMs: startOfDay(midnightMs, timeZone),
    untilMs: startOfDay(midnightMs + DAY_MS, timeZone),
  };
}

/**
 * Whether a source's value says this date: the date as text or as a Date at UTC midnight; a Date on that calendar day in
 * the time zone; or a text with a time, whose own date counts unless it is in UTC, when it is read as a Date is.
 */
export function isOfTestDay(value: unknown, day: TestDay): boolean {
  if (value === day.date) return true;
  if (value instanceof Date) return isInstantOf(value.getTime(), day);
  if (typeof value !== 'string' || value.length > MAX_DATE_CHARACTERS) return false;
  const [, date, time, inUtc] = DATE_TEXT.exec(comparableText(value)) ?? [];
  if (date === undefined) return false;
  return inUtc === undefined ? date === day.date : isInstantOf(Date.parse(`${date}T${time}Z`), day);
}

/** Longer than any date with its time, and a few spaces. */
const MAX_DATE_CHARACTERS = 100;

/** Of a time to the millisecond; what is finer says nothing here. */
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?`;
/** How a time says that it is in UTC. */
export const IN_UTC = String.raw`Z|z|UTC|[+-]00(?::?00)?`;
const OFFSET = String.raw`[+-]\d{2}(?::?\d{2})?`;
const DATE_TEXT = new RegExp(
  String.raw`^(\d{4}-\d{2}-\d{2})(?:[Tt ](${TIME})\d* ?(?:(${IN_UTC})|${OFFSET})?)?$`,
);

/** The texts after a date for which {@link isOfTestDay} may be true, as a pattern that databases understand, too. */
export const AFTER_DATE = String.raw`(?:[Tt ]${TIME}\d* ?(?:${IN_UTC}|${OFFSET})?)?`;
function isInstantOf(ms: number, { midnightMs, fromMs, untilMs }: TestDay): boolean {
  if (Number.isNaN(ms)) return false;
  // A Date at UTC midnight is a date that was stored as one, not a moment of the night.
  if (ms % DAY_MS === 0) return ms === midnightMs;
  return ms >= fromMs && ms < untilMs;
}

/** Patterns of the texts in UTC that say an instant of the day, to the minute, or its UTC midnight: one for each date. */
export function textsInUtc({ date, fromMs, untilMs }: TestDay): string[] {
  const dates = new Map<string, Map<string, Set<string>>>();
  const add = (text: string): void => {
    const hours = dates.get(text.slice(0, 10)) ?? new Map<string, Set<string>>();
    const minutes = hours.get(text.slice(11, 13)) ?? new Set();
    dates.set(text.slice(0, 10), hours.set(text.slice(11, 13), minutes.add(text.slice(14, 16))));
  };
  add(`${date}T00:00`);
  for (let at = fromMs; at < untilMs; at += MINUTE_MS) add(new Date(at).toISOString());
  const rest = String.raw`(?::[0-5]\d(?:\.\d{1,3})?)?\d* ?(?:${IN_UTC})`;
  return [...dates].map(([day, hours]) => {
    const times = [...hours].map(
      ([hour, minutes]) => `${hour}:${minutes.size === 60 ? '[0-5][0-9]' : `(?:${[...minutes].join('|')})`}`,
    );
    return `${day}[Tt ](?:${times.join('|')})${rest}`;
  });
}

/** Whether the day is that of UTC: then a text in UTC says its own date. */
export function isUtcDay({ midnightMs, fromMs, untilMs }: TestDay): boolean {
  return fromMs === midnightMs && untilMs === midnightMs + DAY_MS;
}

/** The first instant of a calendar day in a time zone, where midnight may have been skipped; found by halving. */
function startOfDay(midnightMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return midnightMs;
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const date = new Date(midnightMs).toISOString().slice(0, 10);
  let [before, from] = [midnightMs - 15 * HOUR_MS, midnightMs + 15 * HOUR_MS];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (format.format(middle) >= date) from = middle;
    else before = middle;
  }
  return from;
}
